// Posts so many messages, over its ports in turn.
import { parentPort, workerData } from 'node:worker_threads';
import { Credit } from '../../peers/post/ends.mjs';
import { stamp } from '../../messages/payload.mjs';

const { ports, taken, most, size } = workerData;
const credit = new Credit(taken, most);
const message = new Uint8Array(size);
parentPort.on('message', (count) => {
  for (let number = 0; number < count; number++) {
    credit.spend();
    stamp(message, number);
    ports[number % ports.length].postMessage(message);
  }
});
parentPort.postMessage('open');
