// Calls over postMessage, each with an id: what is written by hand everywhere.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { awaiting } from './calls.mjs';

const workerFile = new URL('post-worker.mjs', import.meta.url);

export async function open(scenario) {
  const worker = new Worker(workerFile, { workerData: scenario });
  await once(worker, 'message');
  const waiting = new Map();
  let next = 0;
  worker.on('message', ({ id, bytes }) => {
    waiting.get(id)(bytes);
    waiting.delete(id);
  });
  const call = (bytes) =>
    new Promise((resolve) => {
      const id = next++;
      waiting.set(id, resolve);
      worker.postMessage({ id, bytes });
    });
  return awaiting(scenario, { call, close: () => worker.terminate() });
}
