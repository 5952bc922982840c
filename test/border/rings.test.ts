// The bell of an event loop: it rings only for those who wait, and once for many.
import { expect, test } from 'vitest';
import { answerOf } from '../process/child';

test('no ring for 20,000 messages that nobody waits for, one for a message that is awaited, one for sixty-four', async () => {
  const rings = await answerOf(new URL('fixtures/rings.cjs', import.meta.url));
  expect(rings).toEqual({ nobody: 0, one: 1, many: 1 });
});
