// What keeps an event loop alive: a pending wait that is ref'd, and nothing else of a channel.
import { afterEach, expect, test } from 'vitest';
import { Child } from './child';

const states = [
  ['no handle', false],
  ['idle handle', false],
  ['pending recv', true],
  ['pending send', true],
  ['iterating', true],
  ['drained pending', true],
  ['pending call', true],
  ['serving, idle', true],
  ['serving, a handler under way', true],
  ['changed pending', true],
  ['broadcast, pending recv', true],
] as const;
const cases = states.flatMap(([state, stays]) => [
  [state, "ref'd", stays] as const,
  [state, "unref'd", false] as const,
]);
let child: Child | undefined;

afterEach(() => child?.kill('SIGKILL'));

test.each(cases)('%s, %s: stays alive: %s', async (state, ref, stays) => {
  child = new Child(new URL('fixtures/loop.cjs', import.meta.url), { args: [state, ref] });
  expect(await child.line()).toBe('set up');
  // Printed by a timer that does not keep the loop alive itself, or when the loop has run empty.
  expect(await child.line()).toBe(stays ? 'still running' : 'loop empty');
  if (!stays) expect(await child.ended, child.errors).toMatchObject({ code: 0, signal: null });
});

test("a wait that is unref'd while it pends lets the process end, and ref'd again keeps it", async () => {
  child = new Child(new URL('fixtures/loop.cjs', import.meta.url), { args: ['pending recv', 'unref later'] });
  expect(await child.line()).toBe('set up');
  expect(await child.line()).toBe('loop empty');
  await child.ended;
  child = new Child(new URL('fixtures/loop.cjs', import.meta.url), { args: ['pending recv', 'ref later'] });
  expect(await child.line()).toBe('set up');
  expect(await child.line()).toBe('still running');
});
