// Many threads load the addon at once, and the main thread need not be one of them.
import { expect, test } from 'vitest';
import { answerOf } from '../process/child';

test('64 workers that load the addon in one tick all work', async () => {
  const answer = await answerOf<{ heard: number[]; codes: number[]; environments: number }>(
    new URL('fixtures/sixty-four.cjs', import.meta.url),
  );
  expect(answer.heard.sort((a, b) => a - b)).toEqual(Array.from({ length: 64 }, (_, i) => i));
  expect(answer.codes).toEqual(Array.from({ length: 64 }, () => 0));
  expect(answer.environments).toBe(1);
});
