// Many threads load the addon at once, and the main thread need not be one of them.
import { expect, test } from 'vitest';
import { answerOf } from '../process/child';

const numbers = Array.from({ length: 64 }, (_, i) => i);
const all = (value: number): number[] => numbers.map(() => value);

test('64 workers that load the addon in one tick all work', async () => {
  const answer = await answerOf<{ heard: number[]; codes: number[]; environments: number }>(
    new URL('fixtures/sixty-four.cjs', import.meta.url),
  );
  expect(answer.heard.sort((a, b) => a - b)).toEqual(numbers);
  expect(answer.codes).toEqual(all(0));
  expect(answer.environments).toBe(1);
});

test('64 workers that load it at the same moment in a process whose main thread never does all work', async () => {
  const answer = await answerOf<{
    heard: number[];
    environments: number[];
    codes: number[];
    loadedByMain: string[];
  }>(new URL('fixtures/workers-load.cjs', import.meta.url));
  expect(answer).toEqual({
    // Each one's sender went to the next.
    heard: numbers.map((number) => (number + 1) % 64),
    environments: all(64),
    codes: all(0),
    loadedByMain: [],
  });
});
