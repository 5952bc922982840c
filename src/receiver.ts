/** The receiving end: what it promises, and how it does it. */
import { Code, binding, outcome } from './binding.js';
import { asTarget, lengthOf } from './bytes.js';
import { failure } from './failure.js';
import { QueueEnd, type QueueHandle } from './handle.js';
import { type Intake, intakeFor } from './intake.js';
import { Iteration } from './iteration.js';
import { Lease } from './lease.js';
import { outOfRange, refused } from './misuse.js';
import { receive } from './receive.js';
import type { AnySyncWait, AnyWait, SyncWait, Wait } from './wait.js';
import { readSyncWait, readWait } from './wait.js';

/** An awaited receive: the message, or `undefined` when its time has run out, where a timeout is given. */
export interface Recv<T> {
  (wait?: Wait): Promise<T>;
  (wait?: AnyWait): Promise<T | undefined>;
}

/** A blocking receive: the message, or `undefined` when its time has run out, where a timeout is given. */
export interface RecvSync<T> {
  (wait?: SyncWait): T;
  (wait?: AnySyncWait): T | undefined;
}

/**
 * A receiving end. Each message goes to exactly one receiver, in the order of the channel; waits are served
 * in the order in which they began.
 *
 * Every verb throws, or rejects with, `ChannelClosedError` once nothing is queued and nothing more can
 * arrive, `ChannelStateError` when this handle is spent, and `ChannelCodecError`, the message with it as
 * `bytes`, where a codec fails. Received bytes are the caller's to keep. Up to 4 KiB they may be a view, 8-byte
 * aligned, on a block that they share with other messages of this receiver, unless `ownBuffers` is set.
 */
export interface SoleReceiver<out T> extends QueueHandle, AsyncIterable<T> {
  /**
   * The next message, or `undefined` when there is none now. Never waits.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text' });
   * tx.trySend('one');
   * console.log(rx.tryRecv(), rx.tryRecv()); // one undefined
   * tx.close();
   * rx.close();
   * ```
   */
  tryRecv(): T | undefined;
  /**
   * Resolves with the next message. With a `timeout` in milliseconds it resolves with `undefined` when none
   * came in time; an aborted `signal` rejects with its reason. Neither consumes anything.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text' });
   * const message = rx.recv();
   * tx.trySend('one');
   * console.log(await message); // one
   * console.log(await rx.recv({ timeout: 10 })); // undefined
   * tx.close();
   * rx.close();
   * ```
   */
  recv: Recv<T>;
  /**
   * The next message, blocking this thread until there is one. With a `timeout` in milliseconds the answer
   * is `undefined` when none came in time. A wait that could never end, every other end being in this
   * thread, throws `ChannelStateError`. On the main thread it holds back the event loop, signals and
   * workers' output.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text' });
   * tx.trySend('one');
   * console.log(rx.recvSync()); // one
   * console.log(rx.recvSync({ timeout: 10 })); // undefined
   * tx.close();
   * rx.close();
   * ```
   */
  recvSync: RecvSync<T>;
  /**
   * Copies the next message to the start of `target` and returns its length in bytes, or -1 when there is
   * none now. For `'bytes'` and `'buffer'` channels, else a `TypeError`. A message longer than `target` is a
   * `RangeError`, and still the next one.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8);
   * const target = new Uint8Array(1024);
   * tx.trySend(Uint8Array.of(1, 2, 3));
   * console.log(rx.tryRecvInto(target), rx.tryRecvInto(target)); // 3 -1
   * tx.close();
   * rx.close();
   * ```
   */
  tryRecvInto(this: SoleReceiver<Uint8Array>, target: Uint8Array): number;
  /**
   * As `tryRecvInto`, but blocks this thread until there is a message. With a `timeout` in milliseconds the
   * answer is -1 when none came in time.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8);
   * const target = new Uint8Array(1024);
   * tx.trySend(Uint8Array.of(1, 2, 3));
   * console.log(rx.recvIntoSync(target)); // 3
   * console.log(rx.recvIntoSync(target, { timeout: 10 })); // -1
   * tx.close();
   * rx.close();
   * ```
   */
  recvIntoSync(this: SoleReceiver<Uint8Array>, target: Uint8Array, wait?: AnySyncWait): number;
  /**
   * For all receivers: sends are refused from here on, and what is queued is discarded. Returns how many
   * messages that were.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text' });
   * tx.trySend('unread');
   * console.log(rx.cancel(), tx.isClosed); // 1 true
   * tx.close();
   * rx.close();
   * ```
   */
  cancel(): number;
  /**
   * Messages until the channel is closed, or this handle is. Leaving the loop leaves the handle open, and
   * loses nothing.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text' });
   * tx.trySend('one');
   * tx.trySend('two');
   * tx.close();
   * for await (const message of rx) console.log(message); // one, then two
   * rx.close();
   * ```
   */
  [Symbol.asyncIterator](): AsyncIterator<T>;
}

/** A receiving end that can have others beside it. */
export interface Receiver<T> extends SoleReceiver<T> {
  /**
   * Another receiving end of the same channel, counted: each message goes to one of them.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text' });
   * const second = rx.clone();
   * tx.trySend('one');
   * console.log(second.tryRecv(), rx.tryRecv()); // one undefined
   * tx.close();
   * rx.close();
   * second.close();
   * ```
   */
  clone(): Receiver<T>;
}

export class ReceivingEnd<T> extends QueueEnd implements Receiver<T> {
  readonly #lease: Lease;
  readonly #intake: Intake;

  constructor(lease: Lease) {
    super(lease);
    this.#lease = lease;
    this.#intake = intakeFor(lease.traits.codec, lease.traits.ownBuffers);
  }

  get [Symbol.toStringTag](): string {
    return 'Receiver';
  }

  tryRecv(): T | undefined {
    const intake = this.#intake;
    intake.ready();
    const result = binding.tryRecv(this.#lease.handle, intake.memory, intake.offset);
    if (result >= 0) return intake.take(result) as T;
    return this.#otherwise(result);
  }

  recv(wait?: Wait): Promise<T>;
  recv(wait?: AnyWait): Promise<T | undefined>;
  recv(wait?: unknown): Promise<unknown> {
    try {
      return receive(this, this.#lease, this.#intake, readWait(wait));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  recvSync(wait?: SyncWait): T;
  recvSync(wait?: AnySyncWait): T | undefined;
  recvSync(wait?: unknown): unknown {
    const { timeout } = readSyncWait(wait);
    const intake = this.#intake;
    intake.ready();
    const result = binding.recvSync(this.#lease.handle, intake.memory, intake.offset, timeout);
    return result >= 0 ? intake.take(result) : this.#otherwise(result);
  }

  tryRecvInto(target: Uint8Array): number {
    const bytes = this.#target(target);
    const result = binding.tryRecvInto(this.#lease.handle, bytes);
    return result >= Code.nothing ? result : this.#notInto(result, bytes);
  }

  recvIntoSync(target: Uint8Array, wait?: AnySyncWait): number {
    const { timeout } = readSyncWait(wait);
    const bytes = this.#target(target);
    const result = binding.recvIntoSync(this.#lease.handle, bytes, timeout);
    return result >= Code.nothing ? result : this.#notInto(result, bytes);
  }

  clone(): Receiver<T> {
    const result = binding.clone(this.#lease.handle);
    if (result < 0) throw failure(result);
    return new ReceivingEnd(new Lease(outcome[0] as number, this.#lease.traits));
  }

  cancel(): number {
    const result = binding.cancel(this.#lease.handle);
    if (result < 0) throw failure(result);
    return outcome[0] as number;
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    this.#lease.mustBeLive();
    return new Iteration<T>(this, this.#lease, this.#intake, (iterator) => this.iterating(iterator));
  }

  /** A native answer that is not a short message. */
  #otherwise(result: number): T | undefined {
    if (result === Code.nothing) return undefined;
    if (result === Code.held) return this.#intake.takeHeld(outcome[0] as number) as T;
    throw failure(result);
  }

  #target(target: Uint8Array): Uint8Array {
    const { name } = this.#lease.traits.codec;
    if (name !== 'bytes' && name !== 'buffer') {
      throw refused(
        `Receiving into memory is for channels of bytes or buffer. The codec of this one is '${name}'`,
      );
    }
    return asTarget(target);
  }

  #notInto(result: number, target: Uint8Array): never {
    if (result !== Code.tooLong) throw failure(result, target);
    const expected = `at least ${outcome[0]} bytes long, as the next message is`;
    throw outOfRange('target.byteLength', expected, lengthOf(target));
  }
}
