// Compressing over one millrace channel that all workers take from, and one that their results come back by.
import { once } from 'node:events';
import { bounded, spawn } from 'millrace';
import { timeBoth } from '../both.mjs';
import { CHUNK_BYTES, CompressibleFile } from './file.mjs';
import { InOrder } from './in-order.mjs';
import { HEAD_BYTES, putNumber, takeNumber } from './work.mjs';

const workerFile = new URL('channels-worker.mjs', import.meta.url);

export async function open({ window, workers }) {
  const file = await CompressibleFile.make();
  const [chunks, workerChunks] = bounded(window / 2);
  const [workerResults, results] = bounded(window / 2);
  const crew = Array.from({ length: workers }, () =>
    spawn(workerFile, { rx: workerChunks.clone(), tx: workerResults.clone() }),
  );
  workerChunks.close();
  workerResults.close();

  return {
    async run({ count }) {
      const feed = async () => {
        for (let number = 0; number < count; number++) {
          const ref = chunks.sendRef(HEAD_BYTES + CHUNK_BYTES);
          putNumber(ref.bytes, number);
          await file.read(number, ref.bytes, HEAD_BYTES);
          await ref.send();
        }
      };
      const inOrder = new InOrder((number, compressed) => file.check(number, compressed));
      const collect = async () => {
        for await (const bytes of results) {
          inOrder.add(takeNumber(bytes), bytes.subarray(HEAD_BYTES));
          if (inOrder.taken === count) return;
        }
      };
      return { count, seconds: await timeBoth(feed, collect) };
    },
    async close() {
      const ended = Promise.all(crew.map((worker) => once(worker, 'exit')));
      chunks.close();
      results.close();
      await ended;
      await file.close();
    },
  };
}
