/** A caller's mistakes, as Node says them: what was expected, and what came. */
import { inspect } from 'node:util';

import { unnamed } from './call.js';

type NodeError = Error & { code: string };

function ofType(text: string, code: string): NodeError {
  return unnamed(text, (text) => coded(new TypeError(text), code));
}

function ofRange(text: string): NodeError {
  return unnamed(text, (text) => coded(new RangeError(text), 'ERR_OUT_OF_RANGE'));
}

function coded<E extends Error>(error: E, code: string): E & NodeError {
  Object.defineProperty(error, 'code', { value: code, enumerable: true, writable: true, configurable: true });
  return error as E & NodeError;
}

/** What came, in a few words, whatever it is and however its getters behave. */
function received(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  try {
    if (typeof value === 'function') return `function ${value.name}`.trimEnd();
    if (typeof value !== 'object') return `type ${typeof value} (${shown(value)})`;
    const maker: unknown = (value as { constructor?: { name?: unknown } }).constructor?.name;
    return typeof maker === 'string' && maker !== '' ? `an instance of ${maker}` : shown(value);
  } catch {
    return typeof value;
  }
}

function shown(value: unknown): string {
  const text = inspect(value, { depth: -1, breakLength: Infinity, customInspect: false });
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

/** The value is of another type than `expected` says. */
export function wrongType(what: string, expected: string, value: unknown): NodeError {
  const text = `The "${what}" argument must be ${expected}. Received ${received(value)}`;
  return ofType(text, 'ERR_INVALID_ARG_TYPE');
}

/** The value is of the right type, and cannot be used. */
export function wrongValue(what: string, expected: string, value: unknown): NodeError {
  const text = `The "${what}" argument must be ${expected}. Received ${shown(value)}`;
  return ofType(text, 'ERR_INVALID_ARG_VALUE');
}

/** A call that cannot be honoured; `text` says all. */
export function refused(text: string): NodeError {
  return ofType(text, 'ERR_INVALID_ARG_VALUE');
}

/** The number lies outside of what `expected` says. */
export function outOfRange(what: string, expected: string, value: unknown): NodeError {
  const text = `The value of "${what}" is out of range. It must be ${expected}. Received ${shown(value)}`;
  return ofRange(text);
}

/** There is not enough memory. */
export function noMemory(text: string): NodeError {
  return ofRange(text);
}

/** A message that a stream cannot carry. */
export function nullChunk(): NodeError {
  return coded(new TypeError('May not write null values to stream'), 'ERR_STREAM_NULL_VALUES');
}

/** A stream that was destroyed before it had finished. */
export function prematureClose(): NodeError {
  return coded(new Error('Premature close'), 'ERR_STREAM_PREMATURE_CLOSE');
}

/**
 * `value` as an object with no other keys than `known`; `undefined` reads as an empty one. Inherited keys
 * count too, so that an `AbortSignal` passed in place of `{ signal }` does not go unnoticed.
 */
export function readKeys<K extends string>(
  what: string,
  value: unknown,
  known: readonly K[],
): { [P in K]?: unknown } {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrongType(what, 'an object', value);
  }
  for (const key in value) {
    if (!(known as readonly string[]).includes(key) && !(key in Object.prototype)) {
      const expected = known.length === 0 ? 'an object without keys' : `an object of ${known.join(', ')}`;
      throw refused(`The "${what}" argument must be ${expected}. Received the key '${key}'`);
    }
  }
  return value;
}
