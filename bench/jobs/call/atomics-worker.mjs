// Answers what is posted, and then wakes who waits for it; a long answer is moved.
import { parentPort, workerData } from 'node:worker_threads';
import { answer, listOf } from './answer.mjs';

const { port, answered, size } = workerData;
port.on('message', (bytes) => {
  const reply = answer(bytes, size);
  port.postMessage(reply, listOf(reply));
  Atomics.add(answered, 0, 1);
  Atomics.notify(answered, 0);
});
parentPort.postMessage('open');
