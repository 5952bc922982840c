// Calls over postMessage with a MessageChannel each, on which the answer comes.
import { once } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';
import { awaiting } from './calls.mjs';

const workerFile = new URL('port-worker.mjs', import.meta.url);

export async function open(scenario) {
  const worker = new Worker(workerFile, { workerData: scenario });
  await once(worker, 'message');
  const call = (bytes) =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.once('message', (reply) => {
        port1.close();
        resolve(reply);
      });
      worker.postMessage({ port: port2, bytes }, [port2]);
    });
  return awaiting(scenario, { call, close: () => worker.terminate() });
}
