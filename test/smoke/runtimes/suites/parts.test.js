// The probe as a test of Jest's and Vitest's: CommonJS, the packed package required by its name.
const { strict: assert } = require('node:assert');
const { once } = require('node:events');
const { join } = require('node:path');
const { setImmediate: nextTurn } = require('node:timers/promises');
const { bounded, spawn } = require('millrace');

test('require', () => {
  const [tx, rx] = bounded(1);
  expect(tx.trySend(Uint8Array.of(7))).toBe(true);
  expect([...rx.tryRecv()]).toEqual([7]);
  tx.close();
  rx.close();
});

/** Only what hangs takes so long, in milliseconds: a thread is started. */
const patience = 120_000;

test(
  'hand-over',
  async () => {
    const { worker, jobs, results } = start();
    for (const length of [0, 64, 65, 100_000]) {
      const sent = new Uint8Array(length).fill(7);
      await jobs.send(sent);
      const received = await results.recv();
      assert.equal(Buffer.compare(received, sent), 0);
    }
    jobs.close();
    await once(worker, 'exit');
    expect(results.isClosed).toBe(true);
    results.close();
  },
  patience,
);

test(
  'terminate',
  async () => {
    const { worker, jobs, results } = start();
    while (jobs.stats().waitingReceivers === 0) await nextTurn();
    await worker.terminate();
    expect(jobs.isClosed).toBe(true);
    jobs.close();
    results.close();
  },
  patience,
);

function start() {
  const [jobs, theirJobs] = bounded(8);
  const [theirResults, results] = bounded(8);
  const ends = { jobs: theirJobs, results: theirResults };
  return { worker: spawn(join(__dirname, '..', 'worker.mjs'), ends), jobs, results };
}
