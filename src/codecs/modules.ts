/** Looking for a `WebAssembly.Module`: V8's serializer leaves it out without a word, and then nobody can read the rest. */
import { types } from 'node:util';

/** Up to so many parts are looked at again where they are met again, which is cheaper than remembering them. */
const few = 64;

interface WithModules {
  readonly WebAssembly?: { readonly Module: { exports(module: object): unknown[] } };
}

/** Whether there is one anywhere that the serializer has gone to write `byteLength` bytes. */
export function hasModule(value: unknown, byteLength: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const seen = new Set<object>();
  // A list instead of recursion: a value may be deeper than the stack.
  const left: object[] = [value];
  for (let part = left.pop(); part !== undefined; part = left.pop()) {
    if (seen.has(part)) continue;
    const isPlain = Object.getPrototypeOf(part) === Object.prototype;
    if (!isPlain && isModule(part)) return true;
    const before = left.length;
    const count = isPlain ? addValues(part, left) : addParts(part, byteLength, left);
    if (count > few || left.length > before) seen.add(part);
  }
  return false;
}

/** Adds what is an object of a plain object's values; how many were looked at. */
function addValues(whole: object, into: object[]): number {
  let count = 0;
  for (const key in whole) {
    const value: unknown = (whole as Record<string, unknown>)[key];
    if (typeof value === 'object' && value !== null) into.push(value);
    count += 1;
  }
  return count;
}

/** As `addValues`, of anything else: its elements, keys and values. */
function addParts(whole: object, byteLength: number, into: object[]): number {
  let count = 0;
  const add = (part: unknown): void => {
    count += 1;
    if (typeof part === 'object' && part !== null) into.push(part);
  };
  if (Array.isArray(whole) && whole.length > few && whole.length <= byteLength) {
    // No longer than its bytes, so it has few holes: its elements are read without a list of keys.
    for (let index = 0; index < whole.length; index += 1) add(whole[index]);
  } else if (types.isMap(whole)) {
    Map.prototype.forEach.call(whole, (part, key) => {
      add(key);
      add(part);
    });
  } else if (types.isSet(whole)) {
    Set.prototype.forEach.call(whole, add);
  } else if (types.isNativeError(whole)) {
    add(whole.cause);
  } else if (!ArrayBuffer.isView(whole) && !types.isAnyArrayBuffer(whole)) {
    for (const key of Object.keys(whole)) add((whole as Record<string, unknown>)[key]);
  }
  return count;
}

/** By its brand: anything may bear the name. */
function isModule(part: object): boolean {
  if (Object.prototype.toString.call(part) !== '[object WebAssembly.Module]') return false;
  try {
    return (globalThis as WithModules).WebAssembly?.Module.exports(part) !== undefined;
  } catch {
    return false;
  }
}
