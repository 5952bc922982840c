// A reader: sleeps until there is a newer value, checks it, and says when the last one was there.
import { parentPort, workerData } from 'node:worker_threads';
import { check, numberOf } from '../../messages/payload.mjs';

const { way, size, ends } = workerData;
const { join } = await import(`./${way}.mjs`);
let last = Infinity;
let newest = 0;

const tell = () => {
  if (newest !== last) return;
  last = Infinity;
  parentPort.postMessage('seen');
};
parentPort.on('message', (number) => {
  last = number;
  tell();
});
join(ends, (bytes) => {
  const number = numberOf(bytes);
  check(bytes, number, size);
  if (number <= newest) throw new Error(`Value ${number} came after ${newest}`);
  newest = number;
  tell();
});
parentPort.postMessage('open');
