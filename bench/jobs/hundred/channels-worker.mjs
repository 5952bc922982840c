// Sends so many messages, over its channels in turn.
import { parentPort, workerData } from 'node:worker_threads';
import { attach } from 'millrace';
import { stamp } from '../../messages/payload.mjs';

const { ends, size } = workerData;
const senders = attach(ends);
const message = new Uint8Array(size);
parentPort.on('message', async (count) => {
  for (let number = 0; number < count; number++) {
    stamp(message, number);
    await senders[number % senders.length].send(message);
  }
});
parentPort.postMessage('open');
