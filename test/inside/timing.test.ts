// `timing: true`: how long the oldest message has waited and how long others did, over every queue.
import { setTimeout as sleep } from 'node:timers/promises';

import { bounded, broadcast, channel, inspect, type Options, rpc, syncChannel, unbounded } from 'millrace';
import { describe, expect, test } from 'vitest';

const text = { codec: 'text' } as const;
const timed = { ...text, timing: true };

describe.each([
  ['bounded', (options: Options & typeof text) => bounded(8, options)],
  ['unbounded', (options: Options & typeof text) => unbounded(options)],
  ['sync', (options: Options & typeof text) => syncChannel(8, options)],
  ['channel', (options: Options & typeof text) => channel(options)],
] as const)('%s', (_, make) => {
  test('without it neither figure is there', () => {
    const [tx, rx] = make(text);
    tx.trySend('one');
    expect(Object.keys(rx.stats())).not.toContain('oldest');
    expect(Object.keys(rx.stats())).not.toContain('waited');
    tx.close();
    rx.close();
  });

  test.each([
    ['one by one', false],
    ['in batches', true],
  ])(
    'sent %s, the oldest has waited since it was sent, and what is received is counted',
    async (_, batched) => {
      const [tx, rx] = make(timed);
      expect(tx.stats()).toMatchObject({ oldest: 0, waited: { p50: 0, p99: 0, count: 0, total: 0 } });
      const before = performance.now();
      if (batched) {
        using batch = tx.batch();
        for (const value of ['one', 'two', 'three']) batch.trySend(value);
      } else {
        tx.trySendMany(['one', 'two', 'three']);
      }
      const sent = performance.now();
      await sleep(5);
      const slept = performance.now();
      const { oldest } = rx.stats();
      // The two clocks may differ in their last digits.
      expect(oldest).toBeGreaterThan(slept - sent - 1);
      expect(oldest).toBeLessThan(performance.now() - before + 1);
      const least = performance.now() - sent;
      expect(await rx.recv()).toBe('one');
      expect(rx.tryRecvMany(1)).toEqual(['two']);
      const { waited } = rx.stats();
      expect(waited?.count).toBe(2);
      expect(waited?.p50).toBeLessThanOrEqual(waited!.p99);
      expect(waited?.p50).toBeGreaterThan((least * 15) / 16 - 1);
      expect(waited?.total).toBeLessThan(2 * (performance.now() - before) + 1);
      expect(rx.recvSync()).toBe('three');
      expect(rx.stats()).toMatchObject({ oldest: 0, waited: { count: 3 } });
      tx.close();
      rx.close();
    },
  );

  test('inspect() shows the same, and a spent handle what it was', () => {
    const [tx, rx] = make(timed);
    tx.trySend('one');
    const [shown] = inspect();
    expect(shown?.oldest).toBeGreaterThan(0);
    expect(shown?.waited).toEqual(rx.stats().waited);
    rx.tryRecv();
    rx.close();
    expect(rx.stats()).toMatchObject({ oldest: 0, waited: { count: 1 } });
    tx.close();
  });
});

test('what is dropped or discarded waits no longer', () => {
  const [tx, rx] = bounded(1, { ...timed, overflow: 'drop-oldest' });
  tx.trySendMany(['one', 'two', 'three']);
  expect(tx.stats().waited?.count).toBe(2);
  rx.cancel();
  expect(tx.stats()).toMatchObject({ oldest: 0, length: 0, waited: { count: 3 } });
  tx.close();
  rx.close();
});

test('a pending send waits for room, not in the queue', async () => {
  const [tx, rx] = bounded(1, timed);
  tx.trySend('one');
  const pending = tx.send('two');
  const before = performance.now();
  expect(rx.tryRecv()).toBe('one');
  await pending;
  expect(rx.stats().oldest).toBeLessThan(performance.now() - before + 1);
  tx.close();
  rx.close();
});

test('what cannot keep it says so', () => {
  const refused = { code: 'ERR_INVALID_ARG_VALUE' };
  expect(() => bounded(0, { timing: true })).toThrow(expect.objectContaining(refused));
  expect(() => syncChannel(0, { timing: true })).toThrow(expect.objectContaining(refused));
  expect(() => broadcast(1, { timing: true } as never)).toThrow(TypeError);
  expect(() => rpc(1, { timing: true } as never)).toThrow(TypeError);
  bounded(0, { timing: false }).forEach((end) => end.close());
});
