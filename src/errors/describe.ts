/** What an error is, in plain values that V8's serializer carries. Nothing here trusts the error. */
import { inspect } from 'node:util';
import { serialize } from '../codecs/v8.js';

import { classOf, isError } from './classes.js';

/** A primitive as it is, an error by its number, a list (of an aggregate), or serialized bytes. */
export type Carried =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | { readonly node: number }
  | { readonly list: readonly Carried[] }
  | { readonly bytes: Uint8Array };

export type Properties = (readonly [key: string, value: Carried])[];

/** One error: `hidden` are properties that do not enumerate, or are inherited. */
export interface ErrorNode {
  readonly class: string;
  readonly hidden: Properties;
  readonly shown: Properties;
}

export interface Description {
  readonly root: Carried;
  readonly nodes: readonly ErrorNode[];
}

/** How far causes, and errors within errors, are followed. */
const deepest = 8;

/** What is carried of every error that has it, own or inherited. */
const always = ['name', 'message', 'stack', 'code', 'cause', 'errors', 'error', 'suppressed'];

/** The value cannot be cloned. */
const uncloneable = Symbol();

/** Errors met, with the depth of each; they are described in that order, the near ones first. */
type Found = Map<object, { readonly number: number; readonly depth: number }>;

export function describe(value: unknown): Description {
  const found: Found = new Map();
  const root = carryOrText(value, -1, found);
  const nodes: ErrorNode[] = [];
  // The map grows while it is walked.
  for (const [error, { depth }] of found) nodes.push(describeOne(error as Error, depth, found));
  return { root, nodes };
}

function describeOne(error: Error, depth: number, found: Found): ErrorNode {
  const enumerable = attempt(() => Object.keys(error), [] as string[]);
  const hidden: Properties = [];
  const shown: Properties = [];
  for (const key of always) {
    if (enumerable.includes(key)) continue;
    const value = read(error, key);
    if (value === undefined || (key === 'cause' && depth === deepest)) continue;
    hidden.push([key, carryOrText(value, depth, found, key)]);
  }
  for (const key of enumerable) {
    if (key === 'cause' && depth === deepest) continue;
    const value = attempt(() => (error as unknown as Record<string, unknown>)[key], uncloneable);
    if (value === uncloneable) continue;
    const carried = always.includes(key)
      ? carryOrText(value, depth, found, key)
      : carry(value, depth, found, key);
    if (carried !== uncloneable) shown.push([key, carried]);
  }
  return { class: attempt(() => classOf(error), 'Error'), hidden, shown };
}

function carryOrText(value: unknown, depth: number, found: Found, key = ''): Carried {
  const carried = carry(value, depth, found, key);
  return carried === uncloneable ? textOf(value) : carried;
}

/** `depth` is that of the error whose property `value` is. */
function carry(value: unknown, depth: number, found: Found, key: string): Carried | typeof uncloneable {
  switch (typeof value) {
    case 'symbol':
    case 'function':
      return uncloneable;
    case 'object':
      if (value !== null) return carryObject(value, depth, found, key);
  }
  return value as Carried;
}

function carryObject(value: object, depth: number, found: Found, key: string): Carried | typeof uncloneable {
  if (attempt(() => isError(value), false)) {
    const known = found.get(value);
    if (known !== undefined) return { node: known.number };
    if (depth === deepest) return textOf(value);
    found.set(value, { number: found.size, depth: depth + 1 });
    return { node: found.size - 1 };
  }
  if (key === 'errors') {
    const elements = attempt(() => (Array.isArray(value) ? [...(value as unknown[])] : undefined), undefined);
    if (elements !== undefined) return { list: elements.map((one) => carryOrText(one, depth, found)) };
  }
  return attempt(() => ({ bytes: serialize(value) }), uncloneable);
}

/** The text that `util.inspect` gives `value`, whatever its own ways of being shown do. */
function textOf(value: unknown): string {
  return (
    attempt(() => inspect(value), undefined) ??
    attempt(() => inspect(value, { customInspect: false }), undefined) ??
    `[${typeof value} that cannot be shown]`
  );
}

function read(error: Error, key: string): unknown {
  return attempt(() => (error as unknown as Record<string, unknown>)[key], undefined);
}

function attempt<T, F>(get: () => T, otherwise: F): T | F {
  try {
    return get();
  } catch {
    return otherwise;
  }
}
