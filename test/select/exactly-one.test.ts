// Exactly one case of a select takes effect: workers that select, on both sides of the same channels, aborted and timed out at random.
import { once } from 'node:events';

import { type Receiver, type Sender, bounded, spawn, unbounded } from 'millrace';
import { expect, test } from 'vitest';

const takers = 4;
const givers = 4;
const count = 4_000;
/** How many selects of each taker are to time out, and how many to be aborted: it goes on until they were. */
const enough = count / 10 / takers;
const seed = Math.trunc(Math.random() * 2 ** 32);
const takerUrl = new URL('fixtures/taker.mjs', import.meta.url);
const giverUrl = new URL('fixtures/giver.mjs', import.meta.url);

interface Report {
  readonly taken: number;
  readonly nothing: number;
  readonly aborted: number;
  readonly outOfOrder: number;
}

const f64 = { codec: 'f64' } as const;
const open: (() => [Sender<number>, Receiver<number>])[] = [
  () => bounded(0, f64),
  () => bounded(0, f64),
  () => bounded(1, f64),
  () => bounded(1, f64),
  () => bounded(16, f64),
  () => bounded(16, f64),
  () => unbounded(f64),
  () => unbounded(f64),
];

test('every message is received once or still queued, and losing cases consume and send nothing', async () => {
  console.log(`seed ${seed}`);
  const channels = open.map((make) => make());
  const [stop, quit] = bounded(1);
  const ticks = new Uint8Array(new SharedArrayBuffer(givers * count));

  const reports = Array.from({ length: takers }, async (_, taker) => {
    const receivers = Object.fromEntries(channels.map(([, rx], index) => [`c${index}`, rx.clone()]));
    const ends = { receivers, quit: quit.clone(), seed: seed + taker, count, enough, shared: ticks.buffer };
    const worker = spawn(takerUrl, ends);
    const exit = once(worker, 'exit');
    const [report] = (await once(worker, 'message')) as [Report];
    expect(await exit).toEqual([0]);
    return report;
  });
  const exits = Array.from({ length: givers }, (_, giver) => {
    const senders = Object.fromEntries(channels.map(([tx], index) => [`c${index}`, tx.clone()]));
    return once(spawn(giverUrl, { senders, seed: seed + takers + giver, giver, count }), 'exit');
  });
  for (const exit of exits) expect(await exit).toEqual([0]);
  stop.close();
  const sum = { taken: 0, nothing: 0, aborted: 0, outOfOrder: 0 };
  for (const report of await Promise.all(reports)) {
    for (const key of Object.keys(sum) as (keyof Report)[]) sum[key] += report[key];
  }

  expect(sum.outOfOrder).toBe(0);
  // Both ways of coming to nothing were tried, many times.
  expect(sum.nothing).toBeGreaterThanOrEqual(takers * enough);
  expect(sum.aborted).toBeGreaterThanOrEqual(takers * enough);
  let stillQueued = 0;
  for (const [, rx] of channels) {
    for (const value of rx.tryIter()) {
      Atomics.add(ticks, value, 1);
      stillQueued += 1;
    }
  }
  expect(
    ticks.findIndex((times) => times !== 1),
    'the first message not received exactly once',
  ).toBe(-1);
  expect(sum.taken + stillQueued).toBe(givers * count);
  const stats = channels.map(([tx]) => tx.stats());
  expect(stats.reduce((total, { sent }) => total + sent, 0)).toBe(givers * count);
  expect(stats.reduce((total, { received }) => total + received, 0)).toBe(givers * count);
  for (const { waitingSenders, waitingReceivers, length } of stats) {
    expect([waitingSenders, waitingReceivers, length]).toEqual([0, 0, 0]);
  }
  for (const end of [...channels.flat(), quit]) end.close();
});
