// A copy of the package that its loader drops is collected, with all that it held, while the thread goes on.
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { describe, expect, test } from 'vitest';

import { answerOf } from '../process/child';

interface Answer {
  readonly collected: number;
  readonly alive: number;
  readonly open: number;
  readonly external: number;
  readonly heapUsed: number;
}

const run = promisify(execFile);
const flags = ['--expose-gc'];
const fixture = new URL('fixtures/copies.cjs', import.meta.url);
const uses = [
  'loads',
  'makes channels',
  'leaves ends open',
  'awaits',
  'has waits cut off',
  'uses everything',
];

describe('a package that is loaded a hundred times and dropped each time', () => {
  test.each(uses)(
    'is collected each time, with the memory and the channels that it had: it %s',
    async (use) => {
      const few = await answerOf<Answer>(fixture, { args: [use, '5'], flags });
      const { collected, alive, open, external, heapUsed } = await answerOf<Answer>(fixture, {
        args: [use, '100'],
        flags,
      });
      console.log(`${external - few.external} bytes outside, ${heapUsed - few.heapUsed} inside more`);
      expect(collected).toBe(100);
      expect(alive).toBe(0);
      expect(open).toBe(0);
      // A copy that stays has a staging array of a megabyte, and half a megabyte of code and objects.
      expect(external - few.external).toBeLessThan(3 * 2 ** 20);
      expect(heapUsed - few.heapUsed).toBeLessThan(10 * 2 ** 20);
    },
  );
});

test.each(['ref', 'unref'])('a copy that is still waited for stays until that is over: %s', async (how) => {
  const answer = await answerOf(new URL('fixtures/copy-waits.cjs', import.meta.url), { args: [how], flags });
  expect(answer).toEqual({ early: false, came: 7, collected: true });
});

test("Jest's --detectLeaks finds none in files that use the package", async () => {
  const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
  const root = fileURLToPath(new URL('jest', import.meta.url));
  const options = ['--rootDir', root, '--testMatch', '**/*.jest.cjs', '--testPathPatterns', 'leaks'];
  const { stderr } = await run(process.execPath, [
    ...flags,
    jest,
    ...options,
    '--detectLeaks',
    '--runInBand',
  ]);
  expect(stderr).toContain('3 passed, 3 total');
});
