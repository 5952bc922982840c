// Compressing by piscina tasks; their results are taken in order.
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { Window } from '../window.mjs';
import { CHUNK_BYTES, CompressibleFile } from './file.mjs';
import { InOrder } from './in-order.mjs';

const filename = fileURLToPath(new URL('pool-worker.mjs', import.meta.url));

export async function open({ window, workers }) {
  const file = await CompressibleFile.make();
  const pool = new Piscina({ filename, minThreads: workers, maxThreads: workers });

  return {
    async run({ count }) {
      const underWay = new Window(window);
      const results = new InOrder((number, compressed) => file.check(number, compressed));
      const task = async (number, bytes) => {
        results.add(number, await pool.run(bytes, { transferList: [bytes.buffer] }));
        underWay.leave();
      };
      const tasks = [];
      const began = performance.now();
      for (let number = 0; number < count; number++) {
        const bytes = new Uint8Array(CHUNK_BYTES);
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
