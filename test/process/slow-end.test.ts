// What a process does with a result may take as long as it likes: the loop does not fall asleep over it.
import { afterEach, expect, test } from 'vitest';
import { Child } from './child';

let child: Child | undefined;
afterEach(() => child?.kill('SIGKILL'));

test('a process ends when its last polled result has come, however long that is worked with', async () => {
  child = new Child(new URL('fixtures/slow-end.cjs', import.meta.url));
  expect(await child.line()).toBe('all came');
  expect(await child.line()).toBe('ended');
  expect(await child.ended, child.errors).toMatchObject({ code: 0, signal: null });
});
