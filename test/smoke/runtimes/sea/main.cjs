// A single executable: the binary and the worker are assets, laid into a folder of this run's before millrace is loaded.
const { strict: assert } = require('node:assert');
const { once } = require('node:events');
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { getRawAsset } = require('node:sea');
const { setImmediate: nextTurn } = require('node:timers/promises');

const folder = mkdtempSync(join(tmpdir(), 'millrace-sea-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const name of ['millrace.node', 'worker.cjs']) {
  writeFileSync(join(folder, name), new Uint8Array(getRawAsset(name)));
}
process.env.MILLRACE_BINARY = join(folder, 'millrace.node');
const { bounded, spawn } = require('millrace');
console.log('done: require');

void ask();

async function ask() {
  const handed = start();
  const sent = new Uint8Array(100_000).fill(7);
  await handed.jobs.send(sent);
  assert.equal(Buffer.compare(await handed.results.recv(), sent), 0);
  handed.jobs.close();
  await once(handed.worker, 'exit');
  handed.results.close();
  console.log('done: hand-over');

  const ended = start();
  while (ended.jobs.stats().waitingReceivers === 0) await nextTurn();
  await ended.worker.terminate();
  assert.equal(ended.jobs.isClosed, true);
  ended.jobs.close();
  ended.results.close();
  console.log('done: terminate');
}

function start() {
  const [jobs, theirJobs] = bounded(8);
  const [theirResults, results] = bounded(8);
  const ends = { jobs: theirJobs, results: theirResults };
  return { worker: spawn(join(folder, 'worker.cjs'), ends), jobs, results };
}
