// The laws across real threads: 1,000,000 messages in all, each checked to the last byte, every verb mixed with the others.
import { once } from 'node:events';

import { bounded, type BytesLike, type Receiver, type Sender, spawn, unbounded } from 'millrace';
import { expect, test } from 'vitest';

import { part } from './part';

const sizes = [1, 2, 4];
type Ends = [Sender<BytesLike>, Receiver<Uint8Array>];
const channels: [name: string, messages: number, open: () => Ends][] = [
  ['bounded(64)', part(500_000), () => bounded(64)],
  ['unbounded', part(500_000), () => unbounded()],
  // A rendezvous takes a meeting a message: these come on top of the million.
  ['bounded(0)', part(100_000), () => bounded(0)],
];
const runs = channels.flatMap(([name, messages, open]) =>
  sizes.flatMap((producers) =>
    sizes.map((consumers) => ({
      name,
      open,
      producers,
      consumers,
      /** Per producer, so that all runs of the channel together come to its messages, rounded up. */
      count: Math.ceil(messages / sizes.length ** 2 / producers),
    })),
  ),
);

const producerUrl = new URL('fixtures/producer.mjs', import.meta.url);
const consumerUrl = new URL('fixtures/consumer.mjs', import.meta.url);

test('the runs of queues come to a million messages', () => {
  const queues = runs.filter(({ name }) => name !== 'bounded(0)');
  const messages = queues.reduce((sum, { count, producers }) => sum + count * producers, 0);
  expect(messages).toBeGreaterThanOrEqual(part(1_000_000));
});

test.each(runs)(
  '$name, $producers to $consumers: every message arrives whole, once, in the order of its sender',
  async ({ open, producers, consumers, count }) => {
    const [tx, rx] = open();
    const watch = rx.clone();
    const shared = new SharedArrayBuffer(count * producers);

    const reports = Array.from({ length: consumers }, async () => {
      const worker = spawn(consumerUrl, { rx: rx.clone(), count, shared });
      const exit = once(worker, 'exit');
      const [report] = (await once(worker, 'message')) as [{ received: number; outOfOrder: number }];
      expect(await exit).toEqual([0]);
      return report;
    });
    const exits = Array.from({ length: producers }, (_, producer) =>
      once(spawn(producerUrl, { tx: tx.clone(), producer, count }), 'exit'),
    );
    tx.close();
    rx.close();

    for (const exit of exits) expect(await exit).toEqual([0]);
    let received = 0;
    for (const report of await Promise.all(reports)) {
      expect(report.outOfOrder).toBe(0);
      received += report.received;
    }
    expect(received).toBe(count * producers);
    expect(new Uint8Array(shared).every((ticks) => ticks === 1)).toBe(true);
    const sent = count * producers;
    expect(watch.stats()).toMatchObject({
      sent,
      received: sent,
      length: 0,
      senders: 0,
      receivers: 1,
      tickets: 0,
    });
    watch.close();
  },
);
