// One thread that sets a value now and then, and several that sleep until there is a newer one. What is measured is how long
// setting takes; every reader is asked at the end whether it saw the last.
import { once } from 'node:events';
import { setTimeout as rest } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { stamp } from '../../messages/payload.mjs';

const readerFile = new URL('reader.mjs', import.meta.url);

/** `set(bytes)` is the writer's; `way` names the readers' part, `ends` are theirs. */
export async function open({ size, gap }, { way, set, ends, close = () => undefined }) {
  const readers = ends.map(({ transferList, ...given }) => {
    return new Worker(readerFile, { workerData: { way, size, ends: given }, transferList });
  });
  await Promise.all(readers.map((reader) => once(reader, 'message')));
  const value = new Uint8Array(size);
  let number = 0;

  return {
    async run({ count }) {
      const samples = new Float64Array(count);
      const last = number + count;
      const seen = Promise.all(readers.map((reader) => once(reader, 'message')));
      for (const reader of readers) reader.postMessage(last);
      const start = performance.now();
      for (let index = 0; index < count; index++) {
        await rest(gap);
        number += 1;
        stamp(value, number);
        const began = performance.now();
        set(value);
        samples[index] = performance.now() - began;
      }
      await seen;
      return { count, seconds: (performance.now() - start) / 1000, samples };
    },
    async close() {
      await Promise.all(readers.map((reader) => reader.terminate()));
      close();
    },
  };
}
