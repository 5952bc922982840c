// A signal that is given to transfer: what is not redeemed when it aborts is revoked, so that nobody waits for it.
import { getEventListeners } from 'node:events';
import { fileURLToPath } from 'node:url';

import { ChannelStateError, type Sender, attach, bounded, transfer, unbounded } from 'millrace';
import { Piscina } from 'piscina';
import { afterEach, expect, test, vi } from 'vitest';
import { registry } from '../threads/handshakes';

// Only what hangs takes so long.
vi.setConfig({ testTimeout: 300_000 });

const text = { codec: 'text' } as const;
const closed = { code: 'ERR_CHANNEL_CLOSED' };

// Every test closes what it opened, and leaves no ticket.
afterEach(() => expect(registry()).toMatchObject({ channels: 0, ends: 0, tickets: 0 }));

test('an abort revokes what is not redeemed, and whoever waits for it hears of it', async () => {
  const stop = new AbortController();
  const [tx, rx] = bounded(1, text);
  const ticket = transfer({ tx }, { signal: stop.signal });
  const received = rx.recv();
  expect(rx.stats()).toMatchObject({ senders: 1, tickets: 1 });
  stop.abort();
  await expect(received).rejects.toMatchObject(closed);
  expect(() => attach(ticket)).toThrow(ChannelStateError);
  rx.close();
});

test('what was redeemed before stays as it is', async () => {
  const stop = new AbortController();
  const [tx, rx] = bounded(1, text);
  const [second, secondRx] = bounded(1, text);
  const tickets = transfer([tx, second], { signal: stop.signal }) as unknown as never[];
  const attached: Sender<string> = attach(tickets[0]!);
  stop.abort();
  await expect(secondRx.recv()).rejects.toMatchObject(closed);
  expect(attached.trySend('still here')).toBe(true);
  expect(await rx.recv()).toBe('still here');
  for (const end of [attached, rx, secondRx]) end.close();
});

test('reusable tickets are revoked by it too', () => {
  const stop = new AbortController();
  const [tx, rx] = bounded(1, text);
  const ticket = transfer(tx, { reusable: true, signal: stop.signal });
  const one = attach(ticket);
  stop.abort();
  expect(() => attach(ticket)).toThrow(ChannelStateError);
  expect(rx.stats()).toMatchObject({ senders: 1, tickets: 0 });
  one.close();
  rx.close();
});

test('a signal that has aborted throws its reason, and no handle is spent', () => {
  const [tx, rx] = bounded(1, text);
  const signal = AbortSignal.abort('before');
  const thrown = (call: () => unknown): unknown => {
    try {
      return call();
    } catch (error) {
      return error;
    }
  };
  expect(thrown(() => transfer(tx, { signal }))).toBe('before');
  const late = new AbortController();
  const aborting = {
    tx,
    get last(): undefined {
      return void late.abort('by a getter');
    },
  };
  expect(thrown(() => transfer(aborting, { signal: late.signal }))).toBe('by a getter');
  expect(tx.trySend('still mine')).toBe(true);
  tx.close();
  rx.close();
});

test('a signal has one listener and remembers what is open, however many tickets it has had', () => {
  const stop = new AbortController();
  const [tx, rx] = unbounded(text);
  const open = transfer(tx.clone(), { signal: stop.signal });
  for (let task = 0; task < 1000; task += 1) {
    attach(transfer(tx.clone(), { signal: stop.signal })).close();
  }
  expect(getEventListeners(stop.signal, 'abort')).toHaveLength(1);
  expect(rx.stats()).toMatchObject({ senders: 2, tickets: 1 });
  stop.abort();
  expect(rx.stats()).toMatchObject({ senders: 1, tickets: 0 });
  expect(() => attach(open)).toThrow(ChannelStateError);
  tx.close();
  rx.close();
});

test('a piscina task that is aborted while it queues lets its receiver go', async () => {
  const filename = fileURLToPath(new URL('fixtures/piscina-blocks.cjs', import.meta.url));
  const pool = new Piscina({ filename, minThreads: 1, maxThreads: 1 });
  const [quit, theirQuit] = bounded(1, text);
  const [hello, hellos] = bounded(1, text);
  const first = pool.run(transfer({ quit: theirQuit, out: hello }));
  expect(await hellos.recv()).toBe('hello');

  const stop = new AbortController();
  const [out, results] = bounded(1, text);
  const second = pool.run(transfer({ out }, { signal: stop.signal }), { signal: stop.signal });
  const received = results.recv();
  stop.abort();
  await expect(second).rejects.toMatchObject({ name: 'AbortError' });
  await expect(received).rejects.toMatchObject(closed);

  quit.close();
  await first;
  await pool.destroy();
  for (const end of [hellos, results]) end.close();
});
