// Answers what is posted on the port that came with it; an answer is moved.
import { parentPort, workerData } from 'node:worker_threads';
import { answer } from './answer.mjs';

parentPort.on('message', ({ port, bytes }) => {
  const reply = answer(bytes, workerData.size);
  port.postMessage(reply, [reply.buffer]);
});
parentPort.postMessage('open');
