// The laws across real threads: 1,000,000 messages in all, each of them checked, every verb mixed with the others.
import { once } from 'node:events';

import { bounded, type Receiver, type Sender, spawn, unbounded } from 'millrace';
import { expect, test } from 'vitest';

const total = 1_000_000;
const sizes = [1, 2, 4];
const channels: [name: string, open: () => [Sender<number>, Receiver<number>]][] = [
  ['bounded(0)', () => bounded(0, { codec: 'f64' })],
  ['bounded(64)', () => bounded(64, { codec: 'f64' })],
  ['unbounded', () => unbounded({ codec: 'f64' })],
];
const runs = channels.flatMap(([name, open]) =>
  sizes.flatMap((producers) => sizes.map((consumers) => ({ name, open, producers, consumers }))),
);
/** Per producer, so that all runs together come to the total, rounded up. */
const share = (producers: number) => Math.ceil(total / runs.length / producers);

const producerUrl = new URL('fixtures/producer.mjs', import.meta.url);
const consumerUrl = new URL('fixtures/consumer.mjs', import.meta.url);

test('the runs come to a million messages', () => {
  const messages = runs.reduce((sum, { producers }) => sum + share(producers) * producers, 0);
  expect(messages).toBeGreaterThanOrEqual(total);
});

test.each(runs)(
  '$name, $producers to $consumers: every message arrives once, in the order of its sender',
  async ({ open, producers, consumers }) => {
    const [tx, rx] = open();
    const watch = rx.clone();
    const count = share(producers);
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
