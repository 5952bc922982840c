// What the laws run under outside vitest passes what holds, and nothing else.
import { expect, test } from 'vitest';

type Matchers = Record<string, (...expected: unknown[]) => unknown>;
type Expecting = Matchers & { readonly not: Matchers; readonly rejects: Matchers };

const url = new URL('../smoke/laws/matchers.mjs', import.meta.url);
const { expect: plain } = (await import(url.href)) as { expect(actual: unknown): Expecting };

test('a matcher passes what fits, and fails what does not', () => {
  plain({ a: { b: 1, c: 2 } })['toMatchObject']!({ a: { b: 1 } });
  expect(() => plain({ a: { c: 2 } })['toMatchObject']!({ a: { b: 1 } })).toThrow(/^expected/);
  plain(2).not['toBe']!(1);
  expect(() => plain(1).not['toBe']!(1)).toThrow('expected 1 not to be 1');
});

test('rejects passes what a promise is rejected with, and fails one that resolves', async () => {
  await plain(Promise.reject(new RangeError('too far'))).rejects['toThrow']!(RangeError);
  await expect(plain(Promise.resolve(1)).rejects['toThrow']!(RangeError)).rejects.toThrow(
    'instead of reject',
  );
});

test('a matcher that it does not know fails', () => {
  expect(() => plain(1)['toBeAsWanted']!(1)).toThrow();
});
