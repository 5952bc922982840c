// A part measured in a thread of its own: what the parts before it have taught the engine about shared functions does
// not make it slower (a `publish` took 84 ns after them, 40 alone).
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

/** Calls the export `name` of the module at a URL with `repetitions` and a `tell`, in a worker; the answer is its. */
export async function apart(module, name, repetitions, tell) {
  const worker = new Worker(new URL(import.meta.url), {
    workerData: { module: module.href, name, repetitions },
  });
  try {
    return await new Promise((resolve, reject) => {
      worker.on('error', reject);
      worker.on('exit', () => reject(new Error('A worker ended before it answered')));
      worker.on('message', ({ told, entries }) => (entries ? resolve(entries) : tell(told)));
    });
  } finally {
    await worker.terminate();
  }
}

if (!isMainThread && workerData?.module !== undefined) {
  const { module, name, repetitions } = workerData;
  const measure = (await import(module))[name];
  const entries = await measure(repetitions, (told) => parentPort.postMessage({ told }));
  parentPort.postMessage({ entries });
}
