/**
 * What travels with the messages of channels made with `context: true`: a trace parent, and the values of those storages
 * that a thread says it carries.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

import { refused, wrongType, wrongValue, readKeys } from '../errors/misuse.js';
import { type Raw, watched } from './cells.js';

/**
 * How a value of a storage becomes one that can be cloned, and back.
 *
 * @example
 * ```ts
 * import { AsyncLocalStorage } from 'node:async_hooks';
 * import { carry, type Carrying } from 'millrace';
 *
 * const requests = new AsyncLocalStorage<{ id: string; log(text: string): void }>();
 * const byId: Carrying<{ id: string; log(text: string): void }, string> = {
 *   inject: ({ id }) => id,
 *   extract: (id) => ({ id, log: (text) => console.log(id, text) }),
 * };
 * carry('request', requests, byId);
 * console.log(byId.inject({ id: 'r1', log() {} })); // r1
 * ```
 */
export interface Carrying<S, W = unknown> {
  /** What is sent for a value of the storage, in the sender's thread; `undefined`: nothing. What it throws is the `cause` of the send's `ChannelCodecError`. */
  inject(value: S): W;
  /** The receiver's value for it, made anew for every message. What it throws is the `cause` of the receive's `ChannelCodecError`. */
  extract(carried: W): S;
}

/** A storage that is carried. */
export interface Carrier {
  readonly name: string;
  readonly storage: AsyncLocalStorage<unknown>;
  readonly raw: Raw;
  readonly how: Carrying<unknown> | undefined;
}

/** The trace parent's own name. */
export const traceName = 'traceparent';

/**
 * The W3C trace parent of the code that runs: what a message of a channel with `context: true` takes along, and, in code
 * that follows a receive, what came with the message. Whatever else is in it is not sent.
 *
 * @example
 * ```ts
 * import { bounded, traceparent } from 'millrace';
 *
 * const [tx, rx] = bounded(8, { codec: 'text', context: true });
 * const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
 * traceparent.run(parent, () => tx.trySend('traced'));
 * console.log(await rx.recv(), traceparent.getStore() === parent); // traced true
 * tx.close();
 * rx.close();
 * ```
 */
export const traceparent = new AsyncLocalStorage<string>();

const carriers = new Map<string, Carrier>();

/** Those of this thread, in the order in which they were named. */
export function allCarriers(): Iterable<Carrier> {
  return carriers.values();
}

/**
 * Has the values of `storage` travel with the messages of channels made with `context: true`, under a name by which each
 * thread knows a storage of its own: say so in every thread, before it sends or receives. Values are carried as the codec
 * `'structured'` does, or as `how` says. The last storage of a name counts, and the last name of a storage.
 *
 * From then on the storage's `getStore` gives, in code that follows a receive, what the sender's gave at the send. Where
 * the sender had none, it gives what it gave before the thread received anything.
 *
 * Throws a `TypeError` for a name that is empty or `'traceparent'`, for what is no `AsyncLocalStorage`, and for another `how`.
 *
 * @example
 * ```ts
 * import { AsyncLocalStorage } from 'node:async_hooks';
 * import { bounded, carry } from 'millrace';
 *
 * const requestId = new AsyncLocalStorage<string>();
 * carry('request id', requestId);
 * const [tx, rx] = bounded(8, { codec: 'text', context: true });
 * requestId.run('r1', () => tx.trySend('hello'));
 * for await (const text of rx) {
 *   console.log(requestId.getStore(), text); // r1 hello
 *   tx.close();
 * }
 * rx.close();
 * ```
 */
export function carry<S>(name: string, storage: AsyncLocalStorage<S>): void;
export function carry<S, W>(name: string, storage: AsyncLocalStorage<S>, how: Carrying<S, W>): void;
export function carry(name: unknown, storage: unknown, how?: unknown): void {
  if (typeof name !== 'string') throw wrongType('name', 'a string', name);
  if (name === '') throw wrongValue('name', 'a string that is not empty', name);
  if (name === traceName)
    throw refused(`The name '${traceName}' is taken: set the trace parent with traceparent.run()`);
  if (!(storage instanceof AsyncLocalStorage)) throw wrongType('storage', 'an AsyncLocalStorage', storage);
  if ((storage as unknown) === traceparent) throw refused('The trace parent travels by itself');
  add(name, storage as AsyncLocalStorage<unknown>, readHow(how));
}

function readHow(how: unknown): Carrying<unknown> | undefined {
  if (how === undefined) return undefined;
  const { inject, extract } = readKeys('how', how, ['inject', 'extract']);
  if (typeof inject !== 'function') throw wrongType('how.inject', 'a function', inject);
  if (typeof extract !== 'function') throw wrongType('how.extract', 'a function', extract);
  return { inject: inject as Carrying<unknown>['inject'], extract: extract as Carrying<unknown>['extract'] };
}

function add(name: string, storage: AsyncLocalStorage<unknown>, how: Carrying<unknown> | undefined): void {
  for (const carrier of carriers.values()) if (carrier.storage === storage) carriers.delete(carrier.name);
  carriers.set(name, { name, storage, raw: watched(storage), how });
}

add(traceName, traceparent as AsyncLocalStorage<unknown>, undefined);
