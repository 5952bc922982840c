// The buffers that a thread keeps for memory that comes and goes: what moves through them is whole, and nobody else's.
import { expect, test } from 'vitest';

import { answerOf } from '../process/child';

const fixture = new URL('./fixtures/homes.cjs', import.meta.url);

function answer<T>(scene: string): Promise<T> {
  return answerOf<T>(fixture, { args: [scene], flags: ['--expose-gc'] });
}

test('memory that goes around between threads, some of it moved away, is whole everywhere and shared nowhere', async () => {
  const { whole, kept, untouched, exit } = await answer<Record<string, number>>('ring');
  expect([whole, exit]).toEqual([400, 0]);
  expect(kept).toBeGreaterThan(50);
  expect(untouched).toBe(kept);
});

test('the engine is told of the memory that it is lent, and of its return, at once or when it was idle', async () => {
  expect(await answer('idle')).toEqual({ told: true, shown: true });
});

test('more memory than there are homes for is lent all the same, and their number stays bounded', async () => {
  const { wrong, homes, out } = await answer<Record<string, number>>('many');
  expect([wrong, out]).toEqual([0, 0]);
  expect(homes).toBeLessThanOrEqual(1500);
});
