// The packed smoke: hands 1,000 messages through a worker and back, as a user's ES module would.
import { strict as assert } from 'node:assert';
import { Worker, isMainThread, workerData } from 'node:worker_threads';
import { attach, bounded, transfer } from 'millrace';

const count = 1000;
if (isMainThread) await order();
else await echo();

/** Sends every number and checks that each comes back once, in order. */
async function order() {
  const [jobs, jobsEnd] = bounded(8);
  const [resultsEnd, results] = bounded(8);
  const worker = new Worker(new URL(import.meta.url), {
    workerData: transfer({ jobs: jobsEnd, results: resultsEnd }),
  });
  worker.on('error', (error) => {
    throw error;
  });
  const sending = (async () => {
    for (let i = 0; i < count; i++) await jobs.send(Uint32Array.of(i));
    jobs.close();
  })();
  let next = 0;
  for await (const bytes of results) {
    assert.equal(Buffer.from(bytes).readUInt32LE(), next);
    next += 1;
  }
  await sending;
  assert.equal(next, count);
  results.close();
  console.log(`${count} messages went through a worker and back`);
}

async function echo() {
  const { jobs, results } = attach(workerData);
  for await (const bytes of jobs) await results.send(bytes);
  jobs.close();
  results.close();
}
