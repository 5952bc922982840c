// A short run of the border's fuzzer, which also demands that its list of exports is the addon's.
import { expect, test } from 'vitest';
import { Child, answerOf } from '../process/child';

const program = new URL('border/run.mjs', import.meta.url);

test('every export of the native part, called with hostile arguments, returns', async () => {
  const child = new Child(program, { args: ['--calls', '20000', '--seed', '3'] });
  expect(await child.line()).toBe('fuzz:border: 20000 calls, --seed 3');
  expect(await child.line().catch(() => child.errors)).toBe('fuzz:border: 20000 calls, nothing found');
  expect(await child.ended).toMatchObject({ code: 0 });
});

test('an export that the list of the fuzzer lacks, or has too much, is told', async () => {
  const fixture = new URL('fixtures/border-list.cjs', import.meta.url);
  expect(await answerOf(fixture)).toBe('exports.cjs and the addon differ in notThere, trySend');
});
