// Calls, however they are made: some callers side by side, each awaiting its answer before it asks again.
import { setTimeout as rest } from 'node:timers/promises';
import { check, stamp } from '../../messages/payload.mjs';
import { QUESTION_BYTES } from './answer.mjs';

/** `call(question)` answers a promise of the answer, `bytesOf` and `release` know one that is no array; `close` ends the worker. */
export function awaiting(
  { callers, gap, size },
  { call, close, bytesOf = (bytes) => bytes, release = () => undefined },
) {
  return {
    async run({ count }) {
      const samples = new Float64Array(count);
      let asked = 0;
      const ask = async () => {
        const question = new Uint8Array(QUESTION_BYTES);
        while (asked < count) {
          const number = asked++;
          if (gap !== undefined) await rest(gap);
          stamp(question, number);
          const began = performance.now();
          const answer = await call(question);
          samples[number] = performance.now() - began;
          check(bytesOf(answer), number, size);
          release(answer);
        }
      };
      const began = performance.now();
      await Promise.all(Array.from({ length: callers }, ask));
      return { count, seconds: (performance.now() - began) / 1000, samples };
    },
    close,
  };
}

/** One caller, which blocks: `call(question)` answers at once. */
export function blocking({ size }, { call, close }) {
  return {
    run({ count }) {
      const samples = new Float64Array(count);
      const question = new Uint8Array(QUESTION_BYTES);
      const start = performance.now();
      for (let number = 0; number < count; number++) {
        stamp(question, number);
        const began = performance.now();
        const bytes = call(question);
        samples[number] = performance.now() - began;
        check(bytes, number, size);
      }
      return { count, seconds: (performance.now() - start) / 1000, samples };
    },
    close,
  };
}
