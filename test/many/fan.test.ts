// Fan-out and fan-in, many at once: producers to consumers to one end, every message counted, once, and in the order of its sender.
import { once } from 'node:events';

import { type Receiver, type Sender, bounded, spawn, unbounded } from 'millrace';
import { expect, test } from 'vitest';

const total = 120_000;
const f64 = { codec: 'f64' } as const;
const producerUrl = new URL('fixtures/producer.mjs', import.meta.url);
const consumerUrl = new URL('fixtures/consumer.mjs', import.meta.url);

const flavors: [name: string, share: number, make: () => [Sender<number>, Receiver<number>]][] = [
  // A rendezvous takes a meeting a message, so a tenth will do.
  ['bounded(0)', 0.1, () => bounded(0, f64)],
  ['bounded(4)', 1, () => bounded(4, f64)],
  ['bounded(256)', 1, () => bounded(256, f64)],
  ['bounded(256) of 256 bytes', 1, () => bounded(256, { ...f64, maxBytes: 256 })],
  ['unbounded', 1, () => unbounded(f64)],
];
const rows = flavors.flatMap(([name, share, make]) =>
  [
    [1, 4],
    [4, 1],
    [3, 2],
  ].map(([producers, consumers]) => ({
    name,
    make,
    producers,
    consumers,
    count: (total * share) / producers!,
  })),
);

test.each(rows)('$name: $producers to $consumers to 1', async ({ make, producers, consumers, count }) => {
  const [tx, rx] = make();
  const [outTx, out] = make();
  const watch = rx.clone();
  const reports = Array.from({ length: consumers! }, async () => {
    const worker = spawn(consumerUrl, { rx: rx.clone(), tx: outTx.clone(), count });
    const exit = once(worker, 'exit');
    const [report] = (await once(worker, 'message')) as [
      { received: number; outOfOrder: number; tooMany: number },
    ];
    expect(await exit).toEqual([0]);
    return report;
  });
  const exits = Array.from({ length: producers! }, (_, producer) =>
    once(spawn(producerUrl, { tx: tx.clone(), producer, count }), 'exit'),
  );
  for (const end of [tx, rx, outTx]) end.close();

  const ticks = new Uint8Array(producers! * count);
  for await (const values of out.batches(256)) for (const value of values) ticks[value]! += 1;
  expect(ticks.every((times) => times === 1)).toBe(true);
  for (const exit of exits) expect(await exit).toEqual([0]);
  let received = 0;
  for (const report of await Promise.all(reports)) {
    expect(report).toMatchObject({ outOfOrder: 0, tooMany: 0 });
    received += report.received;
  }
  expect(received).toBe(ticks.length);
  const counts = { sent: received, received, dropped: 0, length: 0, senders: 0 };
  expect(watch.stats()).toMatchObject(counts);
  expect(out.stats()).toMatchObject(counts);
  for (const end of [watch, out]) end.close();
});
