/** How long a verb may wait, and what may end it earlier: the last argument of every verb that waits. */
import { outOfRange, readKeys, wrongType } from '../errors/misuse.js';

/**
 * A wait without a time limit.
 *
 * @example
 * ```ts
 * import { bounded, type Wait } from 'millrace';
 *
 * const [tx, rx] = bounded(1, { codec: 'text' });
 * const wait: Wait = { signal: AbortSignal.abort(new Error('stopped')) };
 * console.log(await rx.recv(wait).catch(({ message }) => message)); // stopped
 * tx.close();
 * rx.close();
 * ```
 */
export interface Wait {
  /** Ends the wait when it aborts: the promise rejects with `signal.reason`. */
  signal?: AbortSignal;
  /** None. */
  timeout?: undefined;
}

/**
 * A wait with a time limit: the verb's answer says whether it ran out.
 *
 * @example
 * ```ts
 * import { bounded, type TimedWait } from 'millrace';
 *
 * const [tx, rx] = bounded(1, { codec: 'text' });
 * const wait: TimedWait = { timeout: 10 };
 * console.log(await tx.send('one', wait), await tx.send('two', wait)); // true false
 * tx.close();
 * rx.close();
 * ```
 */
export interface TimedWait {
  /** Ends the wait when it aborts: the promise rejects with `signal.reason`. */
  signal?: AbortSignal;
  /** Milliseconds, 0 or more: 0 tries once, `Infinity` waits for ever. */
  timeout: number;
}

/**
 * A wait of which it is not known whether it has a time limit.
 *
 * @example
 * ```ts
 * import { type AnyWait, bounded, type SoleReceiver } from 'millrace';
 *
 * const next = (from: SoleReceiver<string>, wait?: AnyWait) => from.recv(wait);
 * const [tx, rx] = bounded(1, { codec: 'text' });
 * tx.trySend('one');
 * console.log(await next(rx), await next(rx, { timeout: 10 })); // one undefined
 * tx.close();
 * rx.close();
 * ```
 */
export interface AnyWait {
  /** Ends the wait when it aborts: the promise rejects with `signal.reason`. */
  signal?: AbortSignal;
  /** Milliseconds, 0 or more: 0 tries once, `Infinity` waits for ever. */
  timeout?: number;
}

/**
 * A blocking wait without a time limit.
 *
 * @example
 * ```ts
 * import { bounded, type SyncWait } from 'millrace';
 *
 * const [tx, rx] = bounded(1, { codec: 'text' });
 * const wait: SyncWait = {};
 * tx.sendSync('one', wait);
 * console.log(rx.recvSync(wait)); // one
 * tx.close();
 * rx.close();
 * ```
 */
export interface SyncWait {
  /** None. */
  timeout?: undefined;
}

/**
 * A blocking wait with a time limit: the verb's answer says whether it ran out.
 *
 * @example
 * ```ts
 * import { bounded, type TimedSyncWait } from 'millrace';
 *
 * const [tx, rx] = bounded(1, { codec: 'text' });
 * const wait: TimedSyncWait = { timeout: 10 };
 * console.log(tx.sendSync('one', wait), tx.sendSync('two', wait)); // true false
 * tx.close();
 * rx.close();
 * ```
 */
export interface TimedSyncWait {
  /** Milliseconds, 0 or more: 0 tries once, `Infinity` waits for ever. */
  timeout: number;
}

/**
 * A blocking wait of which it is not known whether it has a time limit.
 *
 * @example
 * ```ts
 * import { type AnySyncWait, bounded, type SoleReceiver } from 'millrace';
 *
 * const next = (from: SoleReceiver<string>, wait?: AnySyncWait) => from.recvSync(wait);
 * const [tx, rx] = bounded(1, { codec: 'text' });
 * tx.trySend('one');
 * console.log(next(rx), next(rx, { timeout: 10 })); // one undefined
 * tx.close();
 * rx.close();
 * ```
 */
export interface AnySyncWait {
  /** Milliseconds, 0 or more: 0 tries once, `Infinity` waits for ever. */
  timeout?: number;
}

/**
 * What may end an iteration earlier.
 *
 * @example
 * ```ts
 * import { bounded, type Iterating } from 'millrace';
 *
 * const [tx, rx] = bounded(1, { codec: 'text' });
 * const until: Iterating = { signal: AbortSignal.abort(new Error('stopped')) };
 * const steps = rx.iter(until)[Symbol.asyncIterator]();
 * console.log(await steps.next().catch(({ message }) => message)); // stopped
 * tx.close();
 * rx.close();
 * ```
 */
export interface Iterating {
  /** Ends the iteration when it aborts: the next step, or the one that waits, rejects with `signal.reason`. */
  signal?: AbortSignal;
}

/**
 * Whether a send moves its bytes instead of copying them. For channels of `'bytes'` and `'buffer'`.
 *
 * @example
 * ```ts
 * import { alloc, bounded, type Moving } from 'millrace';
 *
 * const [tx, rx] = bounded(1);
 * const how: Moving = { transfer: true };
 * const bytes = alloc(1_000_000);
 * console.log(tx.trySend(bytes, how), bytes.length, rx.tryRecv()?.length); // true 0 1000000
 * tx.close();
 * rx.close();
 * ```
 */
export interface Moving {
  /**
   * True: as with a transfer list, the whole `ArrayBuffer` is detached, its views have length 0, once the message is
   * accepted; where it is not, it stays the caller's. Memory of millrace's own (from `alloc`, from a ref's `keep`, or
   * received, over 4 KiB) moves without a copy; other memory is copied once, and so is what has to wait for room in an
   * awaited `send`. A received message of up to 4 KiB, which shares its buffer with others, is copied and left as it is.
   * A view on a part of a buffer, a pooled `Buffer`, shared memory, one that is marked as untransferable or cannot be
   * detached is a `TypeError`. False by default.
   */
  transfer?: boolean;
}

/** A `wait` argument, read once. */
export interface WaitOptions {
  readonly signal: AbortSignal | undefined;
  /** Milliseconds; `Infinity` when none was given. */
  readonly timeout: number;
  /** Whether a timeout was given, which decides what the verb answers. */
  readonly timed: boolean;
}

/** The options of a verb without a `wait`. */
export const endless: WaitOptions = Object.freeze({ signal: undefined, timeout: Infinity, timed: false });

/** Reads the `wait` of an awaiting verb. */
export function readWait(wait: unknown): WaitOptions {
  if (wait === undefined) return endless;
  const { signal, timeout } = readKeys('wait', wait, ['signal', 'timeout']);
  return readWaitOptions(signal, timeout);
}

/** The `wait` of a verb that may move what it sends. */
export interface SendOptions extends WaitOptions {
  readonly transfer: boolean;
}

const endlessCopying: SendOptions = Object.freeze({ ...endless, transfer: false });

/** Reads the `wait` of an awaiting send. */
export function readSendWait(wait: unknown): SendOptions {
  if (wait === undefined) return endlessCopying;
  const { signal, timeout, transfer } = readKeys('wait', wait, ['signal', 'timeout', 'transfer']);
  return { ...readWaitOptions(signal, timeout), transfer: readTransfer('wait', transfer) };
}

/** Reads the `wait` of a blocking send. */
export function readSyncSendWait(wait: unknown): SendOptions {
  if (wait === undefined) return endlessCopying;
  const { timeout, transfer } = readKeys('wait', wait, ['timeout', 'transfer']);
  return { ...readWaitOptions(undefined, timeout), transfer: readTransfer('wait', transfer) };
}

/** Reads the last argument of a send that never waits: whether it moves. */
export function readHow(how: unknown): boolean {
  return readTransfer('how', readKeys('how', how, ['transfer']).transfer);
}

function readTransfer(argument: string, transfer: unknown): boolean {
  if (transfer === undefined) return false;
  if (typeof transfer !== 'boolean') throw wrongType(`${argument}.transfer`, 'a boolean', transfer);
  return transfer;
}

/** Reads the `wait` of a blocking verb. */
export function readSyncWait(wait: unknown): WaitOptions {
  if (wait === undefined) return endless;
  const { timeout } = readKeys('wait', wait, ['timeout']);
  return readWaitOptions(undefined, timeout);
}

/** Reads the options of an iteration. */
export function readIterating(options: unknown): WaitOptions {
  if (options === undefined) return endless;
  const signal = readSignal('options.signal', readKeys('options', options, ['signal']).signal);
  return { signal, timeout: Infinity, timed: false };
}

function readWaitOptions(signal: unknown, timeout: unknown): WaitOptions {
  return {
    signal: readSignal('wait.signal', signal),
    timeout: readTimeout(timeout),
    timed: timeout !== undefined,
  };
}

/** Reads a signal that may be absent. */
export function readSignal(name: string, signal: unknown): AbortSignal | undefined {
  if (signal !== undefined && !isSignal(signal)) throw wrongType(name, 'an AbortSignal', signal);
  return signal;
}

function readTimeout(timeout: unknown): number {
  if (timeout === undefined) return Infinity;
  if (typeof timeout !== 'number') throw wrongType('wait.timeout', 'a number of milliseconds', timeout);
  if (!(timeout >= 0)) throw outOfRange('wait.timeout', '0 or more milliseconds', timeout);
  return timeout;
}

function isSignal(value: unknown): value is AbortSignal {
  if (typeof value !== 'object' || value === null) return false;
  const { aborted, addEventListener } = value as Partial<AbortSignal>;
  return typeof aborted === 'boolean' && typeof addEventListener === 'function';
}

/** Reads the last argument of a select, an object of these keys. */
export function readSelectWait(
  wait: unknown,
  keys: readonly ('signal' | 'timeout' | 'biased')[],
): { biased: boolean; options: WaitOptions } {
  const { signal, timeout, biased = false } = readKeys('wait', wait, keys);
  if (typeof biased !== 'boolean') throw wrongType('wait.biased', 'a boolean', biased);
  return { biased, options: readWaitOptions(signal, timeout) };
}

/** Reads the `max` of a verb that takes several messages. */
export function readMax(max: unknown): number {
  if (typeof max !== 'number') throw wrongType('max', 'a number of messages', max);
  if (!Number.isInteger(max) || max < 1) throw outOfRange('max', 'an integer, 1 or more', max);
  return max;
}
