// Batches between threads: what a receiver that dies leaves of a block, and blocks while their sender blocks.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { bounded, transfer, unbounded } from 'millrace';
import { expect, test } from 'vitest';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

test.each(['process.exit', 'an uncaught error', 'terminate'])(
  'a receiver that takes 3 of 64 and dies by %s leaves 61 to the next one',
  async (way) => {
    const [tx, rx] = bounded(256, { codec: 'f64' });
    const batch = tx.batch();
    for (const value of upTo(64)) batch.trySend(value);
    batch.flushSync();
    expect(rx.length).toBe(64);
    const worker = new Worker(new URL('fixtures/takes-three.mjs', import.meta.url), {
      workerData: transfer({ rx: rx.clone(), way }),
    });
    // Not `once` from events, which rejects with the error that is the end of one of them.
    const ended = new Promise((resolve) => worker.on('error', () => undefined).once('exit', resolve));
    const taken = new Promise((resolve) => worker.once('message', resolve));
    expect(await taken).toEqual([0, 1, 2]);
    if (way === 'terminate') await worker.terminate();
    await ended;
    expect(rx.stats()).toMatchObject({ sent: 64, received: 3, length: 61, receivers: 1 });
    expect(rx.recvManySync(100)).toEqual(upTo(64).slice(3));
    batch.close();
    for (const end of [tx, rx]) end.close();
  },
);

const echo = `
  const { workerData } = require('node:worker_threads');
  const { attach } = require('millrace');
  const { rx, tx } = attach(workerData);
  const batch = tx.batch();
  for (const value of rx.iterSync()) {
    batch.sendSync(value + 1);
    if (rx.isEmpty) batch.flushSync();
  }
  batch.close();
`;

test.each([
  ['bounded(8)', () => bounded(8, { codec: 'f64' } as const)],
  ['unbounded', () => unbounded({ codec: 'f64' })],
] as const)('%s: batches there and back, blocking on both sides', async (_name, open) => {
  const [there, thereRx] = open();
  const [back, backRx] = open();
  const worker = new Worker(echo, { eval: true, workerData: transfer({ rx: thereRx, tx: back }) });
  const ended = once(worker, 'exit');
  const batch = there.batch();
  const arrived: number[] = [];
  for (let round = 0; arrived.length < 20_000; round += 1) {
    // Never more than both channels take, so that neither side can wait for ever.
    const count = 1 + (round % 8);
    for (const value of upTo(count)) batch.sendSync(arrived.length + value);
    batch.flushSync();
    for (const until = arrived.length + count; arrived.length < until;) {
      arrived.push(...backRx.recvManySync(until - arrived.length));
    }
  }
  expect(arrived).toEqual(upTo(arrived.length).map((value) => value + 1));
  there.close();
  await ended;
  expect(backRx.isClosed).toBe(true);
  backRx.close();
});
