// Calls by comlink, which makes a worker's object look like one of this thread.
import { Worker } from 'node:worker_threads';
import { wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter.js';
import { awaiting } from './calls.mjs';

const workerFile = new URL('comlink-worker.mjs', import.meta.url);

export async function open(scenario) {
  const worker = new Worker(workerFile, { workerData: scenario });
  const remote = wrap(nodeEndpoint(worker));
  return awaiting(scenario, { call: (bytes) => remote.answer(bytes), close: () => worker.terminate() });
}
