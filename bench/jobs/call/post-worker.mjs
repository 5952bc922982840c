// Answers what is posted, under the id that it came with; a long answer is moved.
import { parentPort, workerData } from 'node:worker_threads';
import { answer, listOf } from './answer.mjs';

parentPort.on('message', ({ id, bytes }) => {
  const reply = answer(bytes, workerData.size);
  parentPort.postMessage({ id, bytes: reply }, listOf(reply));
});
parentPort.postMessage('open');
