// Refs that nobody has any more come back by garbage collection, with one warning; those that are in use do not.
import { expect, test } from 'vitest';
import { answerOf } from '../process/child';

const fixture = new URL('fixtures/garbage.cjs', import.meta.url);
const sceneOf = (scene: string) => answerOf(fixture, { args: [scene], flags: ['--expose-gc'] });

test('forgotten refs are released, with one process warning; a view that is kept keeps its memory', async () => {
  expect(await sceneOf('forgotten')).toEqual({
    warnings: ['MILLRACE_UNDISPOSED'],
    kept: [1_000_000, 3, 1_000_000],
    still: 3,
  });
});

test('a ref keeps its handle, and a pending send its ref', async () => {
  expect(await sceneOf('kept')).toEqual({
    ends: 5,
    lengths: [1_000_000, 1_000_000, 1_000_000],
    accepted: true,
  });
});
