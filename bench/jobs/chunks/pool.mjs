// Chunks as piscina tasks, a new buffer each, moved there and back.
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { Window } from '../window.mjs';
import { ChunkedFile } from './file.mjs';

const filename = fileURLToPath(new URL('pool-worker.mjs', import.meta.url));

export async function open({ size, window, hashed }) {
  const file = await ChunkedFile.make(size, hashed);
  const pool = new Piscina({ filename, minThreads: 1, maxThreads: 1, workerData: { hashed } });

  return {
    async run({ count }) {
      const underWay = new Window(window);
      const task = async (number, bytes) => {
        file.check(number, await pool.run(bytes, { transferList: [bytes.buffer] }));
        underWay.leave();
      };
      const tasks = [];
      const began = performance.now();
      for (let number = 0; number < count; number++) {
        const bytes = new Uint8Array(size);
        await file.read(number, bytes);
        await underWay.enter();
        tasks.push(task(number, bytes));
      }
      await Promise.all(tasks);
      return { count, seconds: (performance.now() - began) / 1000 };
    },
    async close() {
      await pool.destroy();
      await file.close();
    },
  };
}
