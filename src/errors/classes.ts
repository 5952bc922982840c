/** The classes of errors that keep their class from thread to thread: the language's, the web's, millrace's. */
import { types } from 'node:util';

import * as own from './errors.js';

/** Makes an error of one class. `name` is for classes that take it when they are made. */
export type Maker = (message: string | undefined, name: string) => Error;

type ErrorClass = new (message?: string) => Error;

const { hasOwn, getPrototypeOf } = Object;
const sourceOf = Function.prototype.toString;

const makers = new Map<string, Maker>([
  ['AggregateError', (message) => new AggregateError([], message)],
  ['DOMException', (message, name) => new DOMException(message, name)],
]);
for (const builtIn of [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]) {
  makers.set(builtIn.name, (message) => new builtIn(message));
}
const { SuppressedError } = globalThis as { SuppressedError?: new (...all: unknown[]) => Error };
if (SuppressedError !== undefined) {
  makers.set('SuppressedError', (message) => new SuppressedError(undefined, undefined, message));
}

/** Millrace's own, the one that all others extend last. */
const ownClasses = (Object.values(own) as ErrorClass[])
  .filter((one) => one.prototype instanceof Error)
  .sort((a, b) => Number(b.prototype instanceof a) - Number(a.prototype instanceof b));
for (const ownClass of ownClasses) {
  makers.set(ownClass.prototype.name, (message) => new ownClass(message));
}

/** Whether `value` is an error, of whatever realm. May throw what a proxy's traps throw. */
export function isError(value: unknown): value is Error {
  return types.isNativeError(value) || value instanceof Error || value instanceof DOMException;
}

/** The name of the nearest class of `error` that another thread has too. */
export function classOf(error: Error): string {
  for (const ownClass of ownClasses) {
    if (error instanceof ownClass) return ownClass.prototype.name;
  }
  for (let at: unknown = getPrototypeOf(error); at !== null; at = getPrototypeOf(at)) {
    const maker: unknown = hasOwn(at as object, 'constructor') ? (at as Error).constructor : undefined;
    // A class of another realm is not ours, but as much the engine's; a user's of the same name is not.
    if (typeof maker === 'function' && makers.has(maker.name)) {
      if (maker === DOMException || sourceOf.call(maker).includes('[native code]')) return maker.name;
    }
  }
  return 'Error';
}

/** An error of the class called `name`; of `Error` where this runtime has no such class. */
export function make(name: string, message: string | undefined, ownName: string): Error {
  return (makers.get(name) ?? makers.get('Error')!)(message, ownName);
}
