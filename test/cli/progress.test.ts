// How the demo shows how far it is.
import { expect, test } from 'vitest';

import { startProgress } from '../../dist/cli/progress.js';

function written(isTTY: boolean, whole: number, seen: readonly number[]): string {
  let text = '';
  const stream = { isTTY, write: (part: string) => (text += part) } as unknown as NodeJS.WriteStream;
  const progress = startProgress(stream, 'job', whole);
  for (const done of seen) progress.show(done);
  progress.end();
  return text;
}

test('piped: a line whenever another quarter is done', () => {
  expect(written(false, 200, [10, 49, 50, 60, 149, 200])).toBe('job 25 %\njob 74 %\njob 100 %\n');
});

test('on a terminal: one line that is drawn over, at its end as it is then', () => {
  const drawn = written(true, 200, [100, 200]);
  expect(drawn).toMatch(/^\rjob \[\.{30}\] {3}0 %/);
  expect(drawn).toMatch(/\rjob \[#{30}\] 100 %\n$/);
  expect(drawn.split('\n')).toHaveLength(2);
});

test('a file that grows meanwhile is never more than done', () => {
  expect(written(false, 100, [150])).toBe('job 100 %\n');
});

test('an empty file is done', () => {
  expect(written(true, 0, [])).toMatch(/100 %\n$/);
});
