// Works on each chunk that is posted, and moves it back.
import { parentPort, workerData } from 'node:worker_threads';
import { work } from './work.mjs';

parentPort.on('message', (bytes) => {
  work(bytes, workerData.hashed);
  parentPort.postMessage(bytes, [bytes.buffer]);
});
parentPort.postMessage('open');
