/** Walking a value as deep as plain objects, arrays, Maps and Sets go, and replacing what is found there. */
import { types } from 'node:util';

/** What to put in place of a value; `undefined` leaves it. */
export type Replace = (value: object) => unknown;

/** A container with its copy, to be filled. */
type Unfilled = readonly [from: object, to: object];

/**
 * A copy of `value` with whatever `replace` answers for; other objects than containers are the same in the
 * copy. What is one object in two places stays one, cycles included. The value itself is only read.
 */
export function replaceDeep(value: unknown, replace: Replace): unknown {
  const copies = new Map<object, unknown>();
  const unfilled: Unfilled[] = [];

  const copy = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part;
    const known = copies.get(part);
    if (known !== undefined) return known;
    const replaced = replace(part);
    const made = replaced ?? emptyLike(part);
    if (made === undefined) return part;
    copies.set(part, made);
    if (replaced === undefined) unfilled.push([part, made as object]);
    return made;
  };

  const result = copy(value);
  // A list instead of recursion: a value may be deeper than the stack.
  for (let next = unfilled.pop(); next !== undefined; next = unfilled.pop()) fill(next, copy);
  return result;
}

/** An empty container of the same kind; `undefined` for anything else. */
function emptyLike(value: object): object | undefined {
  if (Array.isArray(value)) {
    const copy: unknown[] = [];
    copy.length = value.length;
    return copy;
  }
  if (types.isMap(value)) return new Map();
  if (types.isSet(value)) return new Set();
  const prototype: unknown = Object.getPrototypeOf(value);
  // Object.prototype of any realm has none above it.
  if (prototype === null) return Object.create(null) as object;
  return Object.getPrototypeOf(prototype) === null ? {} : undefined;
}

function fill([from, to]: Unfilled, copy: (part: unknown) => unknown): void {
  if (types.isMap(from)) {
    for (const [key, value] of Map.prototype.entries.call(from))
      (to as Map<unknown, unknown>).set(copy(key), copy(value));
  } else if (types.isSet(from)) {
    for (const value of Set.prototype.values.call(from)) (to as Set<unknown>).add(copy(value));
  } else {
    for (const key of Object.keys(from)) put(to, key, copy((from as Record<string, unknown>)[key]));
  }
}

/** Sets an own property, one called `__proto__` too. */
function put(to: object, key: string, value: unknown): void {
  if (key !== '__proto__') (to as Record<string, unknown>)[key] = value;
  else Object.defineProperty(to, key, { value, writable: true, enumerable: true, configurable: true });
}
