// A hundred MessagePorts: a worker posts over them in turn, one event loop listens to all; shared memory counts how many
// are under way, because a port never refuses.
import { once } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';
import { check } from '../../messages/payload.mjs';
import { Credit } from '../../peers/post/ends.mjs';

const workerFile = new URL('ports-worker.mjs', import.meta.url);

export async function open({ size, channels, window }) {
  const pairs = Array.from({ length: channels }, () => new MessageChannel());
  const ports = pairs.map(({ port1 }) => port1);
  const theirs = pairs.map(({ port2 }) => port2);
  const taken = new Int32Array(new SharedArrayBuffer(4));
  const most = window * channels;
  const workerData = { ports: theirs, taken, most, size };
  const worker = new Worker(workerFile, { workerData, transferList: theirs });
  await once(worker, 'message');
  const credit = new Credit(taken, most);
  return {
    async run({ count }) {
      const began = performance.now();
      await new Promise((resolve, reject) => {
        let received = 0;
        ports.forEach((port, first) => {
          let number = first;
          port.removeAllListeners('message').on('message', (bytes) => {
            try {
              check(bytes, number, size);
            } catch (error) {
              reject(error);
            }
            number += channels;
            received += 1;
            credit.give();
            if (received === count) resolve();
          });
        });
        worker.postMessage(count);
      });
      return { count, seconds: (performance.now() - began) / 1000 };
    },
    async close() {
      for (const port of ports) port.close();
      await worker.terminate();
    },
  };
}
