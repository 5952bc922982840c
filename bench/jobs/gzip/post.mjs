// Compressing over postMessage: chunks go to the workers in turn, buffers are moved there and back and filled again.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { collectFrom, timeBoth } from '../both.mjs';
import { Window } from '../window.mjs';
import { CHUNK_BYTES, CompressibleFile } from './file.mjs';
import { InOrder } from './in-order.mjs';

const workerFile = new URL('post-worker.mjs', import.meta.url);

export async function open({ window, workers }) {
  const file = await CompressibleFile.make();
  const crew = Array.from({ length: workers }, () => new Worker(workerFile));
  await Promise.all(crew.map((worker) => once(worker, 'message')));
  const spare = [];

  return {
    async run({ count }) {
      const underWay = new Window(window);
      const feed = async () => {
        for (let number = 0; number < count; number++) {
          const bytes = spare.pop() ?? new Uint8Array(CHUNK_BYTES);
          await file.read(number, bytes);
          await underWay.enter();
          crew[number % workers].postMessage({ number, bytes }, [bytes.buffer]);
        }
      };
      const results = new InOrder((number, compressed) => file.check(number, compressed));
      const take = ({ number, bytes, compressed }) => {
        spare.push(bytes);
        results.add(number, compressed);
        underWay.leave();
        return results.taken < count;
      };
      return { count, seconds: await timeBoth(feed, () => collectFrom(crew, take)) };
    },
    async close() {
      await Promise.all(crew.map((worker) => worker.terminate()));
      await file.close();
    },
  };
}
