// The thread that sends to all, or one that receives: an order says how many messages.
import { parentPort, workerData } from 'node:worker_threads';
import { check, stamp } from '../../messages/payload.mjs';

const { way, part, size, window, ends } = workerData;
const own = (await import(`./${way}.mjs`))[part](ends, { window, size });
const message = new Uint8Array(size);

parentPort.on('message', async (count) => {
  if (part === 'receive') parentPort.postMessage('ready');
  if (part === 'send') {
    for (let number = 0; number < count; number++) {
      stamp(message, number);
      await own(message);
    }
  } else {
    let number = 0;
    await own((bytes) => {
      check(bytes, number, size);
      number += 1;
      return number < count;
    });
  }
  parentPort.postMessage('done');
});
parentPort.postMessage('open');
