// Blocking calls of an asynchronous worker as they are written by hand: `Atomics.wait`, then `receiveMessageOnPort`.
import { once } from 'node:events';
import { MessageChannel, Worker, receiveMessageOnPort } from 'node:worker_threads';
import { blocking } from './calls.mjs';

const workerFile = new URL('atomics-worker.mjs', import.meta.url);

export async function open(scenario) {
  const { port1, port2 } = new MessageChannel();
  const answered = new Int32Array(new SharedArrayBuffer(4));
  const workerData = { port: port2, answered, size: scenario.size };
  const worker = new Worker(workerFile, { workerData, transferList: [port2] });
  await once(worker, 'message');
  const call = (bytes) => {
    const before = Atomics.load(answered, 0);
    port1.postMessage(bytes);
    Atomics.wait(answered, 0, before);
    return receiveMessageOnPort(port1).message;
  };
  return blocking(scenario, { call, close: () => worker.terminate() });
}
