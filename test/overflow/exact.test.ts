// Channels that drop, across threads: no send waits, nothing is reordered, and every message is received once or counted as dropped.
import { once } from 'node:events';

import { type Receiver, type Sender, bounded, spawn } from 'millrace';
import { expect, test } from 'vitest';

const producers = 4;
const consumers = 2;
/** A multiple of what one round of all verbs sends. */
const count = 48 * 6 * 50;
const all = producers * count;
const producerUrl = new URL('fixtures/producer.mjs', import.meta.url);
const consumerUrl = new URL('fixtures/consumer.mjs', import.meta.url);

const f64 = { codec: 'f64' } as const;
const rows = (['drop-oldest', 'drop-newest'] as const).flatMap((overflow) => [
  { overflow, room: 'one slot', make: () => bounded(1, { ...f64, overflow }) },
  { overflow, room: '16 slots', make: () => bounded(16, { ...f64, overflow }) },
  { overflow, room: '64 slots, 80 bytes', make: () => bounded(64, { ...f64, overflow, maxBytes: 80 }) },
]);

/** Starts all producers on `tx`, and closes it here. */
function produce(tx: Sender<number>): Promise<unknown>[] {
  const exits = Array.from({ length: producers }, (_, producer) =>
    once(spawn(producerUrl, { tx: tx.clone(), producer, count }), 'exit'),
  );
  tx.close();
  return exits;
}

async function consume(rx: Receiver<number>, ticks: Uint8Array<SharedArrayBuffer>) {
  const worker = spawn(consumerUrl, { rx, count, shared: ticks.buffer });
  const exit = once(worker, 'exit');
  const [report] = (await once(worker, 'message')) as [{ received: number; outOfOrder: number }];
  expect(await exit).toEqual([0]);
  return report;
}

test.each(rows)('$overflow, $room: all is counted, and in order', async ({ make }) => {
  const [tx, rx] = make();
  const ticks = new Uint8Array(new SharedArrayBuffer(all));
  const reports = Array.from({ length: consumers }, () => consume(rx.clone(), ticks));
  for (const exit of produce(tx)) expect(await exit).toEqual([0]);
  let received = 0;
  for (const report of await Promise.all(reports)) {
    expect(report.outOfOrder).toBe(0);
    received += report.received;
  }
  const stats = rx.stats();
  expect(stats).toMatchObject({
    sent: all,
    received,
    dropped: all - received,
    length: 0,
    waitingSenders: 0,
  });
  expect(ticks.every((times) => times <= 1)).toBe(true);
  expect(ticks.filter((times) => times === 1)).toHaveLength(received);
  rx.close();
});

test.each(rows)(
  '$overflow, $room: without a receiver at work, what is not dropped is queued',
  async ({ overflow, make }) => {
    const [tx, rx] = make();
    for (const exit of produce(tx)) expect(await exit).toEqual([0]);
    const { sent, received, dropped, length, bytes } = rx.stats();
    expect({ sent, received, dropped }).toEqual({ sent: all, received: 0, dropped: all - length });
    expect(bytes).toBe(length * 8);
    const left = [...rx.tryIter()];
    expect(left).toHaveLength(length);
    const newest = Array.from({ length: producers }, (_, producer) => (producer + 1) * count - 1);
    // The newest of all is the newest of one of them, and the oldest is the oldest of one.
    if (overflow === 'drop-oldest') expect(newest).toContain(left.at(-1));
    else expect(left[0]! % count).toBe(0);
    rx.close();
  },
);
