// What every runtime and tool is asked, a part at a time: the part named on the command line was done when that is printed.
import { strict as assert } from 'node:assert';
import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { bounded, spawn } from 'millrace';

const parts = { import: sendHere, 'hand-over': handOver, terminate };
const [, , part] = process.argv;
await parts[part]();
console.log(`done: ${part}`);

async function sendHere() {
  const [tx, rx] = bounded(1);
  assert.equal(tx.trySend(Uint8Array.of(7)), true);
  assert.deepEqual([...rx.tryRecv()], [7]);
  tx.close();
  rx.close();
}

/** Messages of every way across the border, to a worker and back; then its end, which closes the channel. */
async function handOver() {
  const { worker, jobs, results } = start();
  for (const length of [0, 1, 64, 65, 4097, 1_000_000]) {
    const sent = new Uint8Array(length).fill(length % 251);
    await jobs.send(sent);
    const received = await results.recv();
    assert.equal(Buffer.compare(received, sent), 0, `a message of ${length} bytes came back as it went`);
  }
  jobs.close();
  await once(worker, 'exit');
  assert.equal(results.isClosed, true);
  results.close();
}

/** Ends the worker while it waits for a message, blocked. */
async function terminate() {
  const { worker, jobs, results } = start();
  while (jobs.stats().waitingReceivers === 0) await nextTurn();
  await worker.terminate();
  assert.equal(jobs.isClosed, true);
  jobs.close();
  results.close();
}

function start() {
  const [jobs, theirJobs] = bounded(8);
  const [theirResults, results] = bounded(8);
  const ends = { jobs: theirJobs, results: theirResults };
  const worker = spawn(new URL('./worker.mjs', import.meta.url), ends);
  worker.on('error', (error) => {
    throw error;
  });
  return { worker, jobs, results };
}
