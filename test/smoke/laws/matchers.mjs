// The matchers that the laws use, over node:assert, for a Node that has nothing but itself.
import { strict as assert, AssertionError } from 'node:assert';
import { inspect } from 'node:util';

const same = (one, other) => {
  try {
    assert.deepStrictEqual(one, other);
    return true;
  } catch {
    return false;
  }
};
/** Whether `actual` has all that `part` has, at every depth. */
const matches = (actual, part) =>
  typeof part === 'object' && part !== null && !Array.isArray(part)
    ? typeof actual === 'object' &&
      actual !== null &&
      Object.entries(part).every(([key, value]) => matches(actual[key], value))
    : same(actual, part);

/** By name: whether the value is as the arguments say. */
const rules = {
  toBe: (actual, expected) => Object.is(actual, expected),
  toEqual: same,
  toMatchObject: matches,
  toBeUndefined: (actual) => actual === undefined,
  toHaveLength: (actual, length) => actual.length === length,
  toHaveProperty: (actual, name) => name in actual,
  toBeGreaterThan: (actual, other) => actual > other,
  toBeGreaterThanOrEqual: (actual, other) => actual >= other,
  toBeLessThan: (actual, other) => actual < other,
  toBeLessThanOrEqual: (actual, other) => actual <= other,
};

/** As vitest's; a matcher it does not know is a TypeError, never a pass. */
export function expect(actual) {
  return {
    ...matchers(actual, true),
    toThrow: (expected) => mustHaveThrown(thrownBy(actual), expected),
    not: matchers(actual, false),
    rejects: rejecting(actual),
  };
}

/** The matchers, of what a promise is rejected with. */
function rejecting(promise) {
  const reason = async () => {
    try {
      await promise;
    } catch (error) {
      return { error };
    }
    return undefined;
  };
  const bound = Object.keys(rules).map((name) => [
    name,
    async (...expected) => {
      const failure = (await reason()) ?? fail('expected a rejection, and there was none');
      matchers(failure.error, true)[name](...expected);
    },
  ]);
  return {
    ...Object.fromEntries(bound),
    toThrow: async (expected) => mustHaveThrown(await reason(), expected),
  };
}

function matchers(actual, wanted) {
  const bound = Object.entries(rules).map(([name, rule]) => [
    name,
    (...expected) => {
      if (rule(actual, ...expected) === wanted) return;
      const how = `${wanted ? '' : 'not.'}${name}`;
      fail(
        `expected ${how}(${expected.map((each) => inspect(each)).join(', ')}), received ${inspect(actual)}`,
      );
    },
  ]);
  return Object.fromEntries(bound);
}

function thrownBy(call) {
  try {
    call();
  } catch (error) {
    return { error };
  }
  return undefined;
}

/** `expected` is a class of errors, a part of the message, or a pattern of it. */
function mustHaveThrown(failure, expected) {
  if (failure === undefined) fail(`expected ${inspect(expected)} to be thrown, and nothing was`);
  const { error } = failure;
  const fits =
    typeof expected === 'function'
      ? error instanceof expected
      : typeof expected === 'string'
        ? error.message.includes(expected)
        : expected.test(error.message);
  if (!fits) fail(`expected ${inspect(expected)} to be thrown, received ${inspect(error)}`);
}

function fail(message) {
  throw new AssertionError({ message, stackStartFn: expect });
}
