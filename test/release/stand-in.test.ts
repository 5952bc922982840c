// What the laws run under outside vitest passes what holds, and nothing else.
import { expect, test } from 'vitest';

type Matchers = Record<string, (...expected: unknown[]) => unknown>;
type Expecting = Matchers & { readonly not: Matchers; readonly rejects: Matchers };

const url = new URL('../smoke/laws/matchers.mjs', import.meta.url);
const { expect: plain } = (await import(url.href)) as { expect(actual: unknown): Expecting };

const boom = (): never => {
  throw new RangeError('too far');
};
/** A matcher, what it is given, a value that fits, and one that does not. */
const cases: [matcher: string, expected: unknown[], fits: unknown, not: unknown][] = [
  ['toBe', [1], 1, '1'],
  ['toEqual', [{ a: [1] }], { a: [1] }, { a: [2] }],
  ['toMatchObject', [{ a: { b: 1 } }], { a: { b: 1, c: 2 } }, { a: { c: 2 } }],
  ['toBeUndefined', [], undefined, null],
  ['toHaveLength', [2], [1, 2], [1]],
  ['toHaveProperty', ['a'], { a: undefined }, {}],
  ['toBeGreaterThan', [1], 2, 1],
  ['toBeGreaterThanOrEqual', [1], 1, 0],
  ['toBeLessThan', [1], 0, 1],
  ['toBeLessThanOrEqual', [1], 1, 2],
  ['toThrow', [RangeError], boom, () => {}],
  ['toThrow', ['far'], boom, () => {}],
  ['toThrow', [/too f/], boom, () => {}],
];

test.each(cases)('%s(%o) passes what fits, and fails what does not', (matcher, expected, fits, not) => {
  plain(fits)[matcher]!(...expected);
  expect(() => plain(not)[matcher]!(...expected)).toThrow(/^expected/);
});

test('not is the opposite', () => {
  plain(2).not['toBe']!(1);
  expect(() => plain(1).not['toBe']!(1)).toThrow('expected not.toBe(1), received 1');
});

test('toThrow fails for another error', () => {
  expect(() => plain(boom)['toThrow']!(TypeError)).toThrow('too far');
});

test('rejects passes what a promise is rejected with, and fails one that resolves', async () => {
  await plain(Promise.reject(new RangeError('too far'))).rejects['toThrow']!(RangeError);
  await plain(Promise.reject('gone')).rejects['toBe']!('gone');
  await expect(plain(Promise.resolve(1)).rejects['toThrow']!(RangeError)).rejects.toThrow('nothing was');
  await expect(plain(Promise.resolve(1)).rejects['toBe']!(1)).rejects.toThrow('there was none');
  await expect(plain(Promise.reject('gone')).rejects['toBe']!('lost')).rejects.toThrow('expected toBe');
});

test('a matcher that it does not know fails', () => {
  expect(() => plain(1)['toBeCloseTo']!(1)).toThrow(TypeError);
});
