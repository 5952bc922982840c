// What hand-overs in place cost in memory: one block is used again and again, also where the loop never ends a turn.
import { expect, test } from 'vitest';
import { fullLength } from '../full-length';
import { answerOf } from '../process/child';

const fixture = new URL('fixtures/loops.cjs', import.meta.url);
const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);

// In the copying mode a hand-over has memory of the message's length anew for each end, and copies it in and out,
// whatever the fixture touches: 65 ms for 64 MB (two cores at 2.1 GHz). At full length that takes eleven minutes.
test.each([
  ['in place', '64 KiB', 65_536, 10_000],
  ['in place', '6.2 MB', 6_220_800, 10_000],
  ['in place', '64 MB', 64_000_000, 10_000],
  ['copied', '64 KiB', 65_536, 10_000],
  ['copied', '6.2 MB', 6_220_800, fullLength(10_000, 300)],
  ['copied', '64 MB', 64_000_000, fullLength(10_000, 30)],
])(
  '%s: resident memory stays level over hand-overs of %s in a synchronous loop',
  async (mode, size, length, count) => {
    const { early, peak, wrong } = await answerOf<{ early: number; peak: number; wrong: number }>(fixture, {
      args: [String(length), String(count)],
      env: { MILLRACE_COPY: mode === 'copied' ? '1' : '0' },
    });
    console.log(
      `${mode}, ${count} hand-overs of ${size}: ${mebibytes(early)} MiB, at most ${mebibytes(peak)} MiB`,
    );
    expect(wrong).toBe(0);
    // 64 KiB left behind by each of 9,000 would be 560 MiB.
    expect(peak - early).toBeLessThan(150 * 2 ** 20);
  },
  fullLength(3_600_000, 600_000),
);
