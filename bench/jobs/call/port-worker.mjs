// Answers what is posted on the port that came with it; a long answer is moved.
import { parentPort, workerData } from 'node:worker_threads';
import { answer, listOf } from './answer.mjs';

parentPort.on('message', ({ port, bytes }) => {
  const reply = answer(bytes, workerData.size);
  port.postMessage(reply, listOf(reply));
});
parentPort.postMessage('open');
