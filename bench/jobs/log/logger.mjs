// A worker that logs: so many lines an order, handed over its own way.
import { parentPort, workerData } from 'node:worker_threads';
import { lineOf } from './lines.mjs';

const { way, index } = workerData;
const { join } = await import(`./${way}.mjs`);
const log = await join(workerData);
parentPort.on('message', async (count) => {
  for (let number = 0; number < count; number++) {
    const full = log.line(lineOf(index, number));
    if (full !== undefined) await full;
  }
  log.flush();
});
parentPort.postMessage('open');
