// Answers what is posted, under the id that it came with; an answer is moved.
import { parentPort, workerData } from 'node:worker_threads';
import { answer } from './answer.mjs';

parentPort.on('message', ({ id, bytes }) => {
  const reply = answer(bytes, workerData.size);
  parentPort.postMessage({ id, bytes: reply }, [reply.buffer]);
});
parentPort.postMessage('open');
