/** The errors that say what a channel could not do. A caller's mistakes are in misuse.ts. */

/** Marks our errors across copies of the package; its value is the class's name. */
const brand: unique symbol = Symbol.for('millrace.error') as never;

/** Gives a class's instances their name and brand, without showing either on each instance. */
function name(errorClass: typeof ChannelError, value: string): void {
  Object.defineProperty(errorClass.prototype, 'name', { value, writable: true, configurable: true });
  Object.defineProperty(errorClass.prototype, brand, { value });
}

/**
 * What every error of a channel is; `code` says which one, and stays the same between versions.
 * `instanceof` works across two copies of the package in one process.
 *
 * @example
 * ```ts
 * import { bounded, ChannelError } from 'millrace';
 *
 * const [tx, rx] = bounded(8);
 * rx.close();
 * try {
 *   tx.trySend(Uint8Array.of(1));
 * } catch (error) {
 *   if (error instanceof ChannelError) console.log(error.code); // ERR_CHANNEL_CLOSED
 * }
 * tx.close();
 * ```
 */
export class ChannelError extends Error {
  /** Says which error it is. */
  readonly code: string = 'ERR_CHANNEL';

  /** Whether `value` is such an error, made by this copy of the package or by another. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (Function.prototype[Symbol.hasInstance].call(this, value)) return true;
    if (typeof value !== 'object' || value === null || !Object.hasOwn(this.prototype, brand)) return false;
    const theirs = (value as { [brand]?: unknown })[brand];
    return theirs !== undefined && (this === ChannelError || theirs === this.prototype.name);
  }
}

/**
 * The channel is closed for this side: nothing more is accepted, or nothing is queued and nothing more
 * can arrive. `cause` is what a receiver gave as its reason, or how the last thread of the other side died.
 * `code` is `'ERR_CHANNEL_CLOSED'`.
 *
 * @example
 * ```ts
 * import { bounded, ChannelClosedError } from 'millrace';
 *
 * const [tx, rx] = bounded(8, { codec: 'text' });
 * tx.close();
 * await rx.recv().catch((error) => console.log(error instanceof ChannelClosedError)); // true
 * rx.close();
 * ```
 */
export class ChannelClosedError extends ChannelError {
  override readonly code = 'ERR_CHANNEL_CLOSED';
}

/**
 * A sender has failed the channel, and what was accepted before is received: nothing more comes, and that was not all.
 * `cause` says why. `code` is `'ERR_CHANNEL_FAILED'`. It is no `ChannelClosedError`: who takes the one for the end is
 * stopped by the other.
 *
 * @example
 * ```ts
 * import { bounded, ChannelFailedError } from 'millrace';
 *
 * const [tx, rx] = bounded(8, { codec: 'text' });
 * tx.trySend('first half');
 * tx.fail(new RangeError('the file is cut short'));
 * try {
 *   for await (const message of rx) console.log(message); // first half
 * } catch (error) {
 *   if (error instanceof ChannelFailedError) console.log(error.cause instanceof RangeError); // true
 * }
 * tx.close();
 * rx.close();
 * ```
 */
export class ChannelFailedError extends ChannelError {
  override readonly code = 'ERR_CHANNEL_FAILED';
}

/**
 * The handle, ticket or thread is not in a state in which this can be done: the handle is spent, it has
 * a pending wait, the ticket was redeemed before, a wait could never end. `code` is `'ERR_CHANNEL_STATE'`.
 *
 * @example
 * ```ts
 * import { bounded, ChannelStateError } from 'millrace';
 *
 * const [tx, rx] = bounded(8, { codec: 'text' });
 * tx.close();
 * try {
 *   tx.trySend('late');
 * } catch (error) {
 *   console.log(error instanceof ChannelStateError); // true
 * }
 * rx.close();
 * ```
 */
export class ChannelStateError extends ChannelError {
  override readonly code = 'ERR_CHANNEL_STATE';
}

/**
 * A codec could not encode or decode; `cause` says why. Nothing is lost: on encoding nothing was sent,
 * on decoding the message is here as `bytes`. `code` is `'ERR_CHANNEL_CODEC'`.
 *
 * @example
 * ```ts
 * import { bounded, ChannelCodecError } from 'millrace';
 *
 * const [tx, rx] = bounded<bigint>(8, { codec: 'json' });
 * try {
 *   tx.trySend(1n);
 * } catch (error) {
 *   if (error instanceof ChannelCodecError) console.log(error.cause instanceof TypeError); // true: JSON has no bigint
 * }
 * tx.close();
 * rx.close();
 * ```
 */
export class ChannelCodecError extends ChannelError {
  override readonly code = 'ERR_CHANNEL_CODEC';
  /** The message that could not be decoded; absent when encoding failed. */
  declare readonly bytes?: Uint8Array;

  constructor(message?: string, options?: ErrorOptions & { bytes?: Uint8Array }) {
    super(message, options);
    if (options?.bytes !== undefined) this.bytes = options.bytes;
  }
}

/**
 * A call will not be answered: its request was dropped, disposed or collected, its responder's thread died, or the
 * last responder went. Where `taken` is false nobody had the request, and calling again is safe. `code` is
 * `'ERR_CHANNEL_LOST'`.
 *
 * @example
 * ```ts
 * import { CallLostError, rpc } from 'millrace';
 *
 * const [caller, responder] = rpc<string, string>(8);
 * const answer = caller.call('hello');
 * responder.close();
 * await answer.catch((error) => {
 *   if (error instanceof CallLostError) console.log(error.code, error.taken); // ERR_CHANNEL_LOST false
 * });
 * caller.close();
 * ```
 */
export class CallLostError extends ChannelError {
  override readonly code = 'ERR_CHANNEL_LOST';
  /** Whether a responder had the request. */
  readonly taken: boolean;

  constructor(message?: string, options?: ErrorOptions & { taken?: boolean }) {
    super(message, options);
    this.taken = options?.taken ?? false;
  }
}

/**
 * One binary that was tried, and why it could not be used.
 *
 * @example
 * ```ts
 * import type { LoadAttempt } from 'millrace';
 *
 * const told = ({ path, reason }: LoadAttempt) => `${path}: ${reason}`;
 * console.log(told({ path: '/some/millrace.node', reason: 'it is cut short' })); // /some/millrace.node: it is cut short
 * ```
 */
export interface LoadAttempt {
  /** The binary's file. */
  readonly path: string;
  /** Why it could not be used, in words. */
  readonly reason: string;
}

/**
 * The native part could not be loaded: `import` and `require` of millrace throw it. Its message says what
 * was tried, what the machine is, and the command that would cure it; its properties are the same one by
 * one. `code` is `'ERR_CHANNEL_LOAD'`, by which it is told where this class could not be imported either.
 *
 * @example
 * ```ts
 * const millrace = await import('millrace').catch((error) => {
 *   if (error.code !== 'ERR_CHANNEL_LOAD') throw error;
 *   console.error(`without channels: ${error.cure} would bring them`);
 *   return undefined;
 * });
 * console.log(millrace !== undefined); // true: where it is installed
 * ```
 */
export class ChannelLoadError extends ChannelError {
  override readonly code = 'ERR_CHANNEL_LOAD';
  /** What was tried, in order; nothing where no binary is made for the machine. */
  readonly attempts: readonly LoadAttempt[] = [];
  /** What the machine is: platform, processor, C library, runtime. */
  readonly machine: string = '';
  /** A command that would cure it; the message says in which folder. */
  readonly cure: string = '';
}

name(ChannelError, 'ChannelError');
name(ChannelClosedError, 'ChannelClosedError');
name(ChannelFailedError, 'ChannelFailedError');
name(ChannelStateError, 'ChannelStateError');
name(ChannelCodecError, 'ChannelCodecError');
name(CallLostError, 'CallLostError');
name(ChannelLoadError, 'ChannelLoadError');
