/** The sending end: what it promises, and how it does it. */
import { Awaited } from './awaited.js';
import { Code, binding, outcome } from './binding.js';
import { failure } from './failure.js';
import { QueueEnd, type QueueHandle } from './handle.js';
import { Lease } from './lease.js';
import { wrongType } from './misuse.js';
import type { SoleReceiver } from './receiver.js';
import { countReady, hasBudget, owe } from './turns.js';
import type { AnySyncWait, AnyWait, Patience, SyncWait, TimedSyncWait, TimedWait, Wait } from './wait.js';
import { readSyncWait, readWait } from './wait.js';

/** A verb that waits and has no other result: `true`, or `false` when its time has run out, where a timeout is given. */
export interface Send<A extends unknown[]> {
  (...args: [...A, wait?: Wait]): Promise<void>;
  (...args: [...A, wait: TimedWait]): Promise<boolean>;
  (...args: [...A, wait?: AnyWait]): Promise<boolean | void>;
}

/** As `Send`, of a verb that blocks. */
export interface SendSync<A extends unknown[]> {
  (...args: [...A, wait?: SyncWait]): void;
  (...args: [...A, wait: TimedSyncWait]): boolean;
  (...args: [...A, wait?: AnySyncWait]): boolean | void;
}

/**
 * A sending end. Each message goes to exactly one receiver. Sends of one handle are accepted in call order;
 * bytes are copied during the call, and what is written to them later is not seen by the receiver.
 *
 * Every verb throws, or rejects with, `ChannelClosedError` once the channel is closed (the value is still
 * the caller's), `ChannelStateError` when this handle is spent, a `TypeError` for a value of the wrong type
 * or whose memory is detached, and `ChannelCodecError` where a codec fails.
 */
export interface Sender<in T> extends QueueHandle {
  /** Whether a send would have to wait for room now. */
  readonly isFull: boolean;
  /**
   * Sends now, and never waits. False: the channel is full, or an earlier send of this handle is pending.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(1, { codec: 'text' });
   * console.log(tx.trySend('one'), tx.trySend('two')); // true false
   * tx.close();
   * rx.close();
   * ```
   */
  trySend(value: T): boolean;
  /**
   * Sends, and resolves once the message is accepted: at once, or when there is room. Await it: more than
   * 65,536 pending sends of one handle reject with `ChannelStateError`. With a `timeout` in milliseconds it
   * resolves to whether the message was accepted; an aborted `signal` rejects with its reason, and the
   * message was not sent.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(1, { codec: 'text' });
   * await tx.send('one');
   * console.log(await tx.send('two', { timeout: 10 })); // false: full
   * tx.close();
   * rx.close();
   * ```
   */
  send(value: T, wait?: Wait): Promise<void>;
  send(value: T, wait: TimedWait): Promise<boolean>;
  send(value: T, wait?: AnyWait): Promise<boolean | void>;
  /**
   * As `send`, but blocks this thread until the message is accepted. With a `timeout` in milliseconds it
   * answers whether it was. A wait that could never end, every other end being in this thread, throws
   * `ChannelStateError`. On the main thread it holds back the event loop, signals and workers' output.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(1, { codec: 'text' });
   * tx.sendSync('one');
   * console.log(tx.sendSync('two', { timeout: 10 })); // false: full
   * tx.close();
   * rx.close();
   * ```
   */
  sendSync(value: T, wait?: SyncWait): void;
  sendSync(value: T, wait: TimedSyncWait): boolean;
  sendSync(value: T, wait?: AnySyncWait): boolean | void;
  /**
   * Another sending end of the same channel, counted: the channel stays open until each is closed.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text' });
   * const second = tx.clone();
   * tx.close();
   * console.log(second.trySend('still open')); // true
   * second.close();
   * rx.close();
   * ```
   */
  clone(): Sender<T>;
  /**
   * For all senders: nothing more is accepted, and pending sends reject with `ChannelClosedError`. Receivers
   * drain what was accepted, then are closed.
   *
   * @example
   * ```ts
   * import { unbounded } from 'millrace';
   *
   * const [tx, rx] = unbounded({ codec: 'text' });
   * tx.trySend('one');
   * tx.end();
   * for await (const message of rx) console.log(message); // one
   * tx.close();
   * rx.close();
   * ```
   */
  end(): void;
  /**
   * Resolves when all that this handle has sent, pending sends included, and all that was accepted before,
   * has left the queue; left is not processed. Rejects with `ChannelClosedError` when the receivers are
   * gone. With a `timeout` in milliseconds it resolves to whether that happened in time.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text' });
   * tx.trySend('one');
   * const drained = tx.drained();
   * console.log(rx.tryRecv()); // one
   * await drained;
   * tx.close();
   * rx.close();
   * ```
   */
  drained: Send<[]>;
  /**
   * Whether both are ends of one channel.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8);
   * console.log(tx.sameChannel(rx)); // true
   * tx.close();
   * rx.close();
   * ```
   */
  sameChannel(other: Sender<never> | SoleReceiver<unknown>): boolean;
}

/** What `send` and `drained` resolve with when there was nothing to wait for. */
const done = Promise.resolve();
const doneInTime = Promise.resolve(true);

/** A pending wait for something that is done then: a `send`, `drained`, `changed`. */
export class AwaitedDone extends Awaited {
  protected answer(): void {
    this.resolve(this.patience.timed ? true : undefined);
  }

  protected nothing(): unknown {
    return false;
  }
}

class AwaitedSend extends AwaitedDone {
  override readonly outlivesHandle = true;
}

export class SendingEnd<in T> extends QueueEnd implements Sender<T> {
  readonly #lease: Lease;

  constructor(lease: Lease) {
    super(lease);
    this.#lease = lease;
  }

  get [Symbol.toStringTag](): string {
    return 'Sender';
  }

  get isFull(): boolean {
    return this.#lease.isFull;
  }

  trySend(value: T): boolean {
    const { handle, traits } = this.#lease;
    const result = binding.trySend(handle, traits.codec.lay(value));
    if (result === Code.ok) return true;
    if (result === Code.nothing) return false;
    throw failure(result, value);
  }

  send(value: T, wait?: Wait): Promise<void>;
  send(value: T, wait: TimedWait): Promise<boolean>;
  send(value: T, wait?: AnyWait): Promise<boolean | void>;
  send(value: T, wait?: unknown): Promise<unknown> {
    try {
      const patience = readWait(wait);
      if (patience.signal?.aborted === true) return Promise.reject(patience.signal.reason);
      const lease = this.#lease;
      const result = binding.send(lease.handle, lease.traits.codec.lay(value));
      if (result === Code.ok) return this.#done(patience);
      if (result > Code.pending) throw failure(result, value);
      return new AwaitedSend(Code.pending - result, this, lease, patience).begin();
    } catch (error) {
      return Promise.reject(error);
    }
  }

  sendSync(value: T, wait?: SyncWait): void;
  sendSync(value: T, wait: TimedSyncWait): boolean;
  sendSync(value: T, wait?: AnySyncWait): boolean | void;
  sendSync(value: T, wait?: unknown): unknown {
    const { timeout, timed } = readSyncWait(wait);
    const { handle, traits } = this.#lease;
    const result = binding.sendSync(handle, traits.codec.lay(value), timeout);
    if (result === Code.ok) return timed ? true : undefined;
    if (result === Code.nothing) return false;
    throw failure(result, value);
  }

  clone(): Sender<T> {
    const result = binding.clone(this.#lease.handle);
    if (result < 0) throw failure(result);
    return new SendingEnd(new Lease(outcome[0] as number, this.#lease.traits));
  }

  end(): void {
    const result = binding.end(this.#lease.handle);
    if (result < 0) throw failure(result);
  }

  drained(wait?: Wait): Promise<void>;
  drained(wait: TimedWait): Promise<boolean>;
  drained(wait?: AnyWait): Promise<boolean | void>;
  drained(wait?: unknown): Promise<unknown> {
    try {
      const patience = readWait(wait);
      if (patience.signal?.aborted === true) return Promise.reject(patience.signal.reason);
      const result = binding.drained(this.#lease.handle);
      if (result === Code.ok) return this.#done(patience);
      if (result > Code.pending) throw failure(result);
      return new AwaitedDone(Code.pending - result, this, this.#lease, patience).begin();
    } catch (error) {
      return Promise.reject(error);
    }
  }

  sameChannel(other: unknown): boolean {
    const lease = QueueEnd.leaseOf(other);
    if (lease === undefined) throw wrongType('other', 'a Sender or a Receiver', other);
    this.#lease.mustBeLive();
    lease.mustBeLive();
    return binding.sameChannel(this.#lease.handle, lease.handle);
  }

  /** A verb that did not have to wait: its promise, in its turn. */
  #done({ timed }: Patience): Promise<unknown> {
    if (!hasBudget()) return owe(this.#lease, timed ? true : undefined);
    countReady();
    return timed ? doneInTime : done;
  }
}
