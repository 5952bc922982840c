// Chunks over postMessage, moved by transfer list: `fresh` says whether each has a new buffer, as people write it, or the
// buffers that come back are filled again.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { collectFrom, timeBoth } from '../both.mjs';
import { Window } from '../window.mjs';
import { ChunkedFile } from './file.mjs';

const workerFile = new URL('post-worker.mjs', import.meta.url);

export async function open({ size, window, hashed }, { fresh }) {
  const file = await ChunkedFile.make(size, hashed);
  const worker = new Worker(workerFile, { workerData: { hashed } });
  await once(worker, 'message');
  const spare = [];

  return {
    async run({ count }) {
      const underWay = new Window(window);
      const feed = async () => {
        for (let number = 0; number < count; number++) {
          const bytes = spare.pop() ?? new Uint8Array(size);
          await file.read(number, bytes);
          await underWay.enter();
          worker.postMessage(bytes, [bytes.buffer]);
        }
      };
      let taken = 0;
      const take = (bytes) => {
        file.check(taken, bytes);
        taken += 1;
        if (!fresh) spare.push(bytes);
        underWay.leave();
        return taken < count;
      };
      return { count, seconds: await timeBoth(feed, () => collectFrom([worker], take)) };
    },
    async close() {
      await worker.terminate();
      await file.close();
    },
  };
}
