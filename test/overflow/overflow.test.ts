// Channels that drop what does not fit: they never wait, never reorder, and count exactly; and the bound on bytes.
import { once } from 'node:events';

import { bounded, channel, spawn, syncChannel, unbounded } from 'millrace';
import { describe, expect, test } from 'vitest';

import { refusedRange } from '../misuse';

const policies = ['drop-newest', 'drop-oldest'] as const;

test('drop-newest keeps the oldest, drop-oldest the newest', async () => {
  for (const [overflow, kept] of [
    ['drop-newest', [1, 2]],
    ['drop-oldest', [4, 5]],
  ] as const) {
    const [tx, rx] = bounded(2, { codec: 'f64', overflow });
    expect([tx.trySend(1), await tx.send(2, { timeout: 0 }), tx.sendSync(3, { timeout: 0 })]).toEqual([
      true,
      true,
      true,
    ]);
    expect(await tx.sendMany([4, 5])).toBe(2);
    expect(rx.stats()).toMatchObject({ sent: 5, dropped: 3, length: 2, bytes: 16 });
    expect(rx.tryRecvMany(9)).toEqual(kept);
    expect(rx.stats()).toMatchObject({ received: 2, dropped: 3, bytes: 0 });
    tx.close();
    rx.close();
  }
});

test.each(policies)('%s: isFull says that the limit is reached, and the verbs never do', async (overflow) => {
  const channels = [
    bounded(2, { codec: 'f64', overflow }),
    // The bound on bytes is reached first.
    bounded(9, { codec: 'f64', overflow, maxBytes: 16 }),
  ];
  for (const [tx, rx] of channels) {
    expect([tx.isFull, tx.trySend(1), tx.isFull, tx.trySend(2), tx.isFull]).toEqual([
      false,
      true,
      false,
      true,
      true,
    ]);
    expect([tx.trySend(3), tx.sendSync(4, { timeout: 0 }), await tx.send(5, { timeout: 0 })]).toEqual([
      true,
      true,
      true,
    ]);
    expect([tx.isFull, tx.stats().dropped]).toEqual([true, 3]);
    rx.tryRecv();
    expect(tx.isFull).toBe(false);
    tx.close();
    rx.close();
  }
});

describe('with 4 producers and 2 consumers', () => {
  test.each(policies)('%s loses exactly what it counts, and reorders nothing', async (overflow) => {
    const producers = 4;
    const count = 20_000;
    const [tx, rx] = bounded(16, { codec: 'f64', overflow });
    const consumerUrl = new URL('fixtures/dropping-consumer.mjs', import.meta.url);
    const producerUrl = new URL('fixtures/dropping-producer.mjs', import.meta.url);
    const consumers = [0, 1].map(() => spawn(consumerUrl, { rx: rx.clone(), producers }));
    const reports = consumers.map(async (worker) => (await once(worker, 'message'))[0] as Report);
    for (let producer = 0; producer < producers; producer += 1) {
      spawn(producerUrl, { tx: tx.clone(), producer, count });
    }
    tx.close();
    const received = await Promise.all(reports);
    expect(received.map((report) => report.outOfOrder)).toEqual([0, 0]);
    const { sent, dropped, length } = rx.stats();
    expect([sent, length]).toEqual([producers * count, 0]);
    expect(sent).toBe(received[0]!.received + received[1]!.received + dropped);
    expect(rx.stats().received).toBe(sent - dropped);
    rx.close();
  });
});

interface Report {
  received: number;
  outOfOrder: number;
}

describe('maxBytes', () => {
  test('a longer single message is a RangeError, and nothing of its call is sent', async () => {
    for (const make of [
      bounded.bind(null, 8),
      bounded.bind(null, 0),
      unbounded,
      syncChannel.bind(null, 1),
      channel,
    ]) {
      const [tx, rx] = (make as typeof unbounded)({ maxBytes: 10 });
      const long = new Uint8Array(11);
      const tooLong = refusedRange('value', "at most 10 bytes long, which is the channel's maxBytes", '11');
      expect(() => tx.trySend(long)).toThrow(expect.objectContaining(tooLong));
      await expect(tx.send(long)).rejects.toThrow(expect.objectContaining(tooLong));
      expect(() => tx.sendSync(long)).toThrow(expect.objectContaining(tooLong));
      expect(() => tx.trySendMany([new Uint8Array(1), long])).toThrow(expect.objectContaining(tooLong));
      expect(tx.stats().sent).toBe(0);
      tx.close();
      rx.close();
    }
  });

  test.each([
    ['bounded', () => bounded(8, { maxBytes: 10 })],
    ['unbounded', () => unbounded({ maxBytes: 10 })],
    ['syncChannel', () => syncChannel(8, { maxBytes: 10 })],
    ['channel', () => channel({ maxBytes: 10 })],
  ] as const)('%s: bounds what is queued; a send that waits for room keeps its place', async (_, make) => {
    const [tx, rx] = make();
    const of = (length: number) => new Uint8Array(length).fill(length);
    expect([tx.trySend(of(6)), tx.isFull, tx.trySend(of(5)), tx.trySend(of(4)), tx.isFull]).toEqual([
      true,
      false,
      false,
      true,
      true,
    ]);
    const waiting = tx.send(of(9));
    const behind = tx.send(of(1));
    expect(rx.stats()).toMatchObject({ bytes: 10, waitingSenders: 2 });
    expect(rx.tryRecv()).toHaveLength(6);
    expect(rx.stats()).toMatchObject({ length: 1, waitingSenders: 2 });
    expect(rx.tryRecv()).toHaveLength(4);
    await Promise.all([waiting, behind]);
    expect(rx.tryRecvMany(9).map((bytes) => bytes.length)).toEqual([9, 1]);
    tx.close();
    rx.close();
  });

  test('drop-oldest drops until it fits', () => {
    const [tx, rx] = bounded(100, { maxBytes: 10, overflow: 'drop-oldest' });
    for (const length of [3, 3, 3, 8]) tx.trySend(new Uint8Array(length));
    expect(rx.stats()).toMatchObject({ sent: 4, dropped: 3, length: 1, bytes: 8 });
    tx.close();
    rx.close();
  });
});
