// What the frames example says of its figures: what they are, what does not add up, what one sees in them.
import { describe, expect, test } from 'vitest';

import { summarize } from '../../examples/frames/ages.mjs';
import { complaints, lesson, table } from '../../examples/frames/report.mjs';

const naive = {
  form: 'unbounded',
  made: 100,
  processed: 40,
  dropped: 0,
  left: 60,
  ages: { p50: 500, p99: 999, max: 1000 },
  queued: 1e6,
  memory: 2e6,
  full: false,
  pictures: 0,
};
const triple = {
  ...naive,
  form: 'triple',
  dropped: 59,
  left: 1,
  ages: { p50: 5, p99: 9, max: 9.5 },
};

describe('ages', () => {
  test('are told as the age that half, and 99 of 100, did not exceed, and the highest', () => {
    const ages = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect(summarize(ages)).toEqual({ p50: 100, p99: 198, max: 200 });
    expect(summarize(ages.slice(190))).toEqual({ p50: 195, p99: 200, max: 200 });
    expect(summarize([7])).toEqual({ p50: 7, p99: 7, max: 7 });
  });

  test('are not told where there are none', () => {
    expect(summarize([])).toBeUndefined();
    expect(table([{ ...naive, ages: undefined }])).toMatch(
      /^unbounded +100 +40 +0 +60 +- +- +- +1.0 MB +2.0 MB$/m,
    );
  });
});

test('a frame that is unaccounted for is complained about, and so is one too many', () => {
  expect(complaints([naive, triple])).toEqual([]);
  expect(complaints([naive, { ...triple, left: 0 }])).toEqual([
    'tripleBuffer: 100 frames were made, but 40 processed, 59 dropped and 0 left',
  ]);
  expect(complaints([{ ...naive, processed: 41 }])).toHaveLength(1);
});

test('one sees how old frames got in a queue without a bound, and how old elsewhere', () => {
  expect(lesson([naive, triple])).toMatch(/as it was 1000 ms ago.* older than 9\.5 ms/s);
});

test('one sees nothing where the consumer kept up', () => {
  expect(lesson([{ ...naive, processed: 99, left: 1 }, triple])).toContain('The consumer kept up');
  expect(lesson([{ ...naive, ages: { p50: 1, p99: 2, max: 3 } }, triple])).toContain('The consumer kept up');
});
