// Threads that come and go do not take memory with them, whatever became of what they were lent.
import { expect, test } from 'vitest';
import { answerOf } from '../process/child';

const fixture = new URL('fixtures/ended-threads.cjs', import.meta.url);
const mebibyte = 2 ** 20;
/** So that glibc gives back what is freed, and the process's memory is what it holds. */
const env = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '65536', MALLOC_TRIM_THRESHOLD_: '65536' };

test.each(['collected', 'moved away'])(
  '48 threads that end with 4 MiB each, %s, leave the process as it was',
  async (fate) => {
    const { early, late } = await answerOf<{ early: number; late: number }>(fixture, {
      args: [fate],
      flags: ['--expose-gc'],
      env,
    });
    console.log(`resident memory: ${Math.round(early / mebibyte)}, then ${Math.round(late / mebibyte)} MiB`);
    expect(late - early).toBeLessThan(32 * mebibyte);
  },
);
