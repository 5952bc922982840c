// A hundred millrace channels: a worker sends over them in turn, one event loop iterates over all.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { bounded, transfer } from 'millrace';
import { check } from '../../messages/payload.mjs';

const workerFile = new URL('channels-worker.mjs', import.meta.url);

export async function open({ size, channels, window }) {
  const pairs = Array.from({ length: channels }, () => bounded(window));
  const receivers = pairs.map(([, rx]) => rx);
  const workerData = { ends: transfer(pairs.map(([tx]) => tx)), size };
  const worker = new Worker(workerFile, { workerData });
  await once(worker, 'message');
  const receive = async (rx, first, count) => {
    if (first >= count) return;
    let number = first;
    for await (const bytes of rx) {
      check(bytes, number, size);
      number += channels;
      if (number >= count) return;
    }
  };
  return {
    async run({ count }) {
      const began = performance.now();
      worker.postMessage(count);
      await Promise.all(receivers.map((rx, first) => receive(rx, first, count)));
      return { count, seconds: (performance.now() - began) / 1000 };
    },
    async close() {
      for (const rx of receivers) rx.close();
      await worker.terminate();
    },
  };
}
