// Workers that die while they move memory: what was accepted is received, what was not is nobody's, and all memory comes back.
import { expect, test } from 'vitest';

import { fullLength } from '../full-length';
import { answerOf } from '../process/child';

const fixture = new URL('fixtures/deaths.cjs', import.meta.url);
const mebibyte = 2 ** 20;
/** So that glibc gives back what is freed, and the process's memory is what it holds. */
const env = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '65536', MALLOC_TRIM_THRESHOLD_: '65536' };

test(
  'a worker that dies at any step of moving, lending and keeping loses nothing and leaks nothing',
  async () => {
    const rounds = fullLength(10_000, 48);
    const { early, late, ...rest } = await answerOf<Record<string, number>>(fixture, {
      args: [String(rounds)],
      flags: ['--expose-gc'],
      env,
    });
    console.log(
      `${rounds} deaths: ${Math.round(early! / mebibyte)}, then ${Math.round(late! / mebibyte)} MiB`,
    );
    expect(rest).toEqual({ wrong: [], channels: 0, ends: 0, environments: 1 });
    // 4 MB that are left behind by each of three quarters of 48 would be 137 MiB.
    expect(late! - early!).toBeLessThan(64 * mebibyte);
  },
  fullLength(7_200_000, 900_000),
);
