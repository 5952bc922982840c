// The caller's code that millrace calls runs in the async context of the call it belongs to, whether that had to wait or not.
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import {
  attach,
  bounded,
  type Codec,
  type Receiver,
  select,
  type Sender,
  sending,
  transfer,
  unbounded,
} from 'millrace';
import { describe, expect, test } from 'vitest';

const context = new AsyncLocalStorage<string>();
const seen: { encoded: (string | undefined)[]; decoded: (string | undefined)[] } = {
  encoded: [],
  decoded: [],
};

/** Notes in which context it is called. */
const noting: Codec<number> = {
  name: 'noting',
  encode(value) {
    seen.encoded.push(context.getStore());
    return Uint8Array.of(value);
  },
  decode([value]) {
    seen.decoded.push(context.getStore());
    return value!;
  },
};

type Take = (rx: Receiver<number>) => Promise<unknown>;

/** Each verb that decodes after it may have waited. */
const takes: Record<string, Take> = {
  recv: (rx) => rx.recv(),
  'recv with a timeout and a signal': (rx) => rx.recv({ timeout: 1e6, signal: new AbortController().signal }),
  recvMany: (rx) => rx.recvMany(8),
  'for await': async (rx) => {
    for await (const value of rx) return value;
    return undefined;
  },
  batches: async (rx) => {
    for await (const values of rx.batches(8)) return values;
    return undefined;
  },
  select: (rx) => select({ rx, never: bounded(1)[1] }),
  'select of several': (rx) => {
    const [full] = bounded(1);
    full.trySend(Uint8Array.of(1));
    return select({ out: sending(full, Uint8Array.of(1)), rx });
  },
};

const ways: Record<string, (tx: Sender<number>, rx: Receiver<number>, take: Take) => Promise<unknown>> = {
  'the message is there': (tx, rx, take) => {
    context.run('sends', () => tx.trySend(1));
    return context.run('receives', () => take(rx));
  },
  'it has to wait': (tx, rx, take) => {
    const taken = context.run('receives', () => take(rx));
    context.run('sends', () => tx.trySend(1));
    return taken;
  },
  'it has to wait, and the channel is polled for': async (tx, rx, take) => {
    for (let round = 0; round < 10; round += 1) {
      const one = context.run('another', () => rx.recv());
      context.run('another', () => tx.trySend(0));
      await one;
    }
    seen.decoded.length = 0;
    const taken = context.run('receives', () => take(rx));
    setTimeout(() => tx.trySend(1), 5);
    return taken;
  },
  'the turn has nothing left': async (tx, rx, take) => {
    for (let value = 0; value < 301; value += 1) tx.trySend(1);
    await context.run('another', async () => {
      for (let value = 0; value < 300; value += 1) await rx.recv();
    });
    seen.decoded.length = 0;
    return context.run('receives', () => take(rx));
  },
};

describe.each(Object.entries(ways))('a codec decodes in the context of the receive, where %s', (_, way) => {
  test.each(Object.entries(takes))('by %s', async (_, take) => {
    const [tx, rx] = unbounded({ codec: noting });
    seen.decoded.length = 0;
    await way(tx, rx, take);
    expect(seen.decoded).toEqual(['receives']);
    tx.close();
    rx.close();
  });
});

test('several waits, each of a context of its own, are decoded each in its own', async () => {
  const [tx, rx] = unbounded({ codec: noting });
  seen.decoded.length = 0;
  const contexts = Array.from({ length: 600 }, (_, index) => `receive ${index}`);
  const asked = contexts.map((name) => context.run(name, () => rx.recv()));
  for (let value = 0; value < contexts.length; value += 1) tx.trySend(1);
  await Promise.all(asked);
  expect(seen.decoded).toEqual(contexts);
  tx.close();
  rx.close();
});

test('a codec that fails to decode does so in the context of the receive', async () => {
  const contexts: (string | undefined)[] = [];
  const failing: Codec<number> = {
    ...noting,
    name: 'failing',
    decode() {
      contexts.push(context.getStore());
      throw new Error('no');
    },
  };
  const [tx, rx] = unbounded({ codec: failing });
  const taken = context.run('receives', () => rx.recv());
  tx.trySend(1);
  await expect(taken).rejects.toMatchObject({ code: 'ERR_CHANNEL_CODEC' });
  expect(contexts).toEqual(['receives']);
  tx.close();
  rx.close();
});

test('a codec encodes in the context of the send, in batches and refs too', async () => {
  const [tx, rx] = bounded(1, { codec: noting });
  seen.encoded.length = 0;
  const batch = tx.batch();
  const sent = context.run('sends', () => [
    tx.send(1),
    tx.send(2),
    tx.sendMany([3, 4]),
    select({ out: sending(tx, 5) }),
    batch.send(6),
    batch.flush(),
  ]);
  for (let taken = 0; taken < 6; taken += 1) await rx.recv();
  await Promise.all(sent);
  expect(seen.encoded.length).toBeGreaterThanOrEqual(6);
  expect(new Set(seen.encoded)).toEqual(new Set(['sends']));
  batch.close();
  tx.close();
  rx.close();
});

test('what was awaited goes on in its own context', async () => {
  const [tx, rx] = attach(transfer(unbounded({ codec: 'f64' })));
  const after = async (name: string): Promise<string | undefined> => {
    await rx.recv();
    return context.getStore() === name ? name : `${context.getStore()}, not ${name}`;
  };
  const waiting = ['one', 'two', 'three'].map((name) => context.run(name, () => after(name)));
  for (const value of [1, 2, 3]) tx.trySend(value);
  expect(await Promise.all(waiting)).toEqual(['one', 'two', 'three']);
  tx.close();
  rx.close();
});

describe('a listener of diagnostics', () => {
  const told: string[] = [];
  const listen = (): unknown => told.push(String(context.getStore()));

  async function during(event: string, action: () => unknown): Promise<string[]> {
    told.length = 0;
    subscribe(event, listen);
    try {
      await action();
    } finally {
      unsubscribe(event, listen);
    }
    return told;
  }

  test('is called in the context of the call that opens, closes or drops', async () => {
    const channel = () => bounded(1, { codec: 'f64', overflow: 'drop-oldest' });
    expect(await during('millrace:open', () => context.run('opens', channel))).toEqual(['opens']);
    const [tx, rx] = channel();
    tx.trySend(1);
    const drops = () => context.run('drops', () => tx.trySend(2));
    expect(await during('millrace:drop', drops)).toEqual(['drops']);
    const awaited = () => context.run('drops', () => tx.send(3));
    expect(await during('millrace:drop', awaited)).toEqual(['drops']);
    const selected = () => context.run('drops', () => select({ out: sending(tx, 4) }));
    expect(await during('millrace:drop', selected)).toEqual(['drops']);
    expect(await during('millrace:close', () => context.run('closes', () => tx.close()))).toEqual(['closes']);
    rx.close();
  });

  test.each([{}, { delayMs: 5 }])(
    'is called in that of the write whose block drops later: %j',
    async (options) => {
      const [tx, rx] = bounded(1, { codec: 'f64', overflow: 'drop-newest' });
      tx.trySend(0);
      const dropped = await during('millrace:drop', async () => {
        const batch = context.run('writes', () => {
          const made = tx.batch({ bytes: 4096, ...options });
          made.trySend(1);
          return made;
        });
        await new Promise((resolve) => setTimeout(resolve, 50));
        batch.close();
      });
      expect(dropped).toEqual(['writes']);
      tx.close();
      rx.close();
    },
  );
});
