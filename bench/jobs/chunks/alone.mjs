// Chunks that are read and looked at, and go nowhere: what a job takes in which handing over costs nothing and the worker
// is never waited for.
import { ChunkedFile } from './file.mjs';
import { work } from './work.mjs';

export async function open({ size, window, hashed }) {
  const file = await ChunkedFile.make(size, hashed);
  // As many as are under way elsewhere. Where a worker hashes, it does so beside the reading: here nobody does.
  const memory = Array.from({ length: window }, () => new Uint8Array(size));

  return {
    async run({ count }) {
      const began = performance.now();
      for (let number = 0; number < count; number++) {
        const bytes = memory[number % window];
        await file.read(number, bytes);
        if (hashed) continue;
        work(bytes, hashed);
        file.check(number, bytes);
      }
      return { count, seconds: (performance.now() - began) / 1000 };
    },
    close: () => file.close(),
  };
}
