// The newest value over NATS: for every reader, on whatever connection.
import { connect } from '@nats-io/transport-node';
import { ChannelCodecError, ChannelStateError } from 'millrace';
import { natsWatch } from 'millrace/nats';
import { describe, expect, test } from 'vitest';

import { rejection } from '../pipe/rejection';
import { program, rig } from './rig';

describe.skipIf(program === undefined)('a value over NATS', () => {
  const here = rig();
  const json = { codec: 'json' } as const;

  test('is seen by every reader, a late one too, and is the same object until it changes', async () => {
    const name = here.name();
    const first = here.kept(await natsWatch<{ n: number }>(here.connection, name, json));
    expect(first.get()).toBeUndefined();
    expect(first.hasChanged).toBe(false);
    expect(await first.changed({ timeout: 5 })).toBe(false);
    await first.set({ n: 1 });
    await first.changed();
    const value = first.get();
    expect(value).toEqual({ n: 1 });
    expect(first.get()).toBe(value);
    expect(first.hasChanged).toBe(false);
    const late = await natsWatch<{ n: number }>({ servers: here.server.url }, name, json);
    await late.changed();
    expect(late.get()).toEqual({ n: 1 });
    await late.set({ n: 2 });
    await first.changed();
    expect(first.get()).toEqual({ n: 2 });
    await late.close();
  });

  test('iterating gives the newest, and no value twice', async () => {
    const count = here.kept(await natsWatch(here.connection, here.name(), { codec: 'f64' }));
    const seen: number[] = [];
    const reading = (async () => {
      for await (const value of count) {
        seen.push(value);
        if (value === 50) break;
      }
    })();
    for (let value = 1; value <= 50; value += 1) await count.set(value);
    await reading;
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(50);
  });

  test('waits that are aborted, or whose value is closed, are rejected', async () => {
    const value = await natsWatch(here.connection, here.name(), { codec: 'text' });
    const abort = new AbortController();
    const aborted = rejection(value.changed({ signal: abort.signal }));
    const closed = rejection(value.changed());
    abort.abort();
    expect(await aborted).toBe(abort.signal.reason);
    expect(await rejection(value.set('x', { signal: abort.signal }))).toBe(abort.signal.reason);
    await value.destroy();
    expect(await closed).toBeInstanceOf(ChannelStateError);
    expect(await rejection(value.set('x'))).toBeInstanceOf(ChannelStateError);
    for await (const more of value) expect(more).toBeUndefined();
  });

  test('a set waits for a server that is gone, and readers hear of it when it is back', async () => {
    const connection = await connect({
      servers: here.server.url,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 20,
    });
    const value = here.kept(await natsWatch(connection, here.name(), { codec: 'text' }));
    await value.set('before');
    await value.changed();
    expect(value.get()).toBe('before');
    await here.server.kill();
    expect(await value.set('given up', { timeout: 50 })).toBe(false);
    const set = value.set('after');
    await here.server.run();
    await set;
    while (value.get() !== 'after') await value.changed();
    await connection.close();
  });

  test('what cannot be carried is refused, and misuse is told', async () => {
    const name = here.name();
    const text = here.kept(await natsWatch(here.connection, name, { codec: 'text' }));
    expect(await rejection(text.set(5 as never))).toBeInstanceOf(TypeError);
    const error = await rejection(natsWatch(here.connection, 'a b', {}));
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARG_VALUE' });
    for (const [options, code] of [
      [{ storage: 'disk' }, 'ERR_INVALID_ARG_VALUE'],
      [{ replicas: 9 }, 'ERR_OUT_OF_RANGE'],
      [{ history: 2 }, 'ERR_INVALID_ARG_VALUE'],
    ] as const) {
      expect(await rejection(natsWatch(here.connection, name, options as never))).toMatchObject({ code });
    }
    const other = await natsWatch(here.connection, name, json);
    await text.set('{ no JSON');
    await other.changed();
    expect(() => other.get()).toThrow(ChannelCodecError);
    await other.close();
  });
});
