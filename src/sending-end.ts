/** How a sending end does it. sender.ts says what it promises. */
import type { BatchOptions, BatchWriter } from './batch.js';
import { Writer } from './batch-writer.js';
import { Code, Look, type Parts, binding, outcome } from './binding.js';
import { mayClose, mayDrop } from './diagnostics.js';
import { AwaitedDone, done } from './done.js';
import { closed, failure } from './failure.js';
import { QueueEnd } from './handle.js';
import { Lease } from './lease.js';
import { LiveSendRef } from './live-refs.js';
import { wrongType } from './misuse.js';
import type { SendRef } from './refs.js';
import { sendLaid, sendLaidSync, trySendLaid } from './send-laid.js';
import { AwaitedSendMany, readValues, withPack } from './send-many.js';
import type { Sender } from './sender.js';
import { TimerEnd } from './timer-end.js';
import { countReady, hasBudget, owe } from './turns.js';
import type { AnySyncWait, AnyWait, SyncWait, TimedSyncWait, TimedWait, Wait } from './wait.js';
import { readSyncWait, readWait } from './wait.js';

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
    const lease = this.#lease;
    const laid = lease.traits.codec.lay(value);
    return lease.goesFirst() && trySendLaid(lease, laid, value);
  }

  send(value: T, wait?: Wait): Promise<void>;
  send(value: T, wait: TimedWait): Promise<boolean>;
  send(value: T, wait?: AnyWait): Promise<boolean | void>;
  send(value: T, wait?: unknown): Promise<unknown> {
    try {
      const patience = readWait(wait);
      if (patience.signal?.aborted === true) return Promise.reject(patience.signal.reason);
      const lease = this.#lease;
      const laid = lease.traits.codec.lay(value);
      lease.batch?.go();
      return sendLaid(this, lease, laid, patience, value);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  sendSync(value: T, wait?: SyncWait): void;
  sendSync(value: T, wait: TimedSyncWait): boolean;
  sendSync(value: T, wait?: AnySyncWait): boolean | void;
  sendSync(value: T, wait?: unknown): unknown {
    const patience = readSyncWait(wait);
    const lease = this.#lease;
    const laid = lease.traits.codec.lay(value);
    lease.batch?.go();
    return sendLaidSync(lease, laid, patience, value);
  }

  trySendMany(values: readonly T[]): number {
    return this.#many(readValues(values), (handle, parts, lengths) =>
      this.#lease.goesFirst() ? binding.trySendMany(handle, parts, lengths) : 0,
    );
  }

  sendMany(values: readonly T[], wait?: AnyWait): Promise<number> {
    try {
      const patience = readWait(wait);
      if (patience.signal?.aborted === true) return Promise.reject(patience.signal.reason);
      const result = this.#many(readValues(values), (handle, parts, lengths) => {
        this.#lease.batch?.go();
        return binding.sendMany(handle, parts, lengths);
      });
      if (result > Code.pending) return this.#ready(result);
      const awaited = new AwaitedSendMany(Code.pending - result, this, this.#lease, patience);
      return awaited.begin() as Promise<number>;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  sendManySync(values: readonly T[], wait?: AnySyncWait): number {
    const { timeout } = readSyncWait(wait);
    return this.#many(readValues(values), (handle, parts, lengths) => {
      this.#lease.batch?.go();
      return binding.sendManySync(handle, parts, lengths, timeout);
    });
  }

  sendRef(byteLength: number): SendRef {
    return LiveSendRef.of(this, this.#lease, byteLength);
  }

  clone(): Sender<T> {
    const result = binding.clone(this.#lease.handle);
    if (result < 0) throw failure(result);
    return new SendingEnd(new Lease(outcome[0] as number, this.#lease.traits));
  }

  batch(options?: BatchOptions): BatchWriter<T> {
    return new Writer(this, this.#lease, options);
  }

  end(): void {
    this.#lease.goesFirst();
    const result = mayClose(() => binding.end(this.#lease.handle));
    if (result < 0) throw failure(result);
  }

  drained(wait?: Wait): Promise<void>;
  drained(wait: TimedWait): Promise<boolean>;
  drained(wait?: AnyWait): Promise<boolean | void>;
  drained(wait?: unknown): Promise<unknown> {
    try {
      const patience = readWait(wait);
      if (patience.signal?.aborted === true) return Promise.reject(patience.signal.reason);
      this.#lease.batch?.go();
      const result = binding.drained(this.#lease.handle);
      if (result === Code.ok) return done(this.#lease, patience);
      if (result > Code.pending) throw failure(result);
      return new AwaitedDone(Code.pending - result, this, this.#lease, patience).begin();
    } catch (error) {
      return Promise.reject(error);
    }
  }

  sameChannel(other: unknown): boolean {
    if (TimerEnd.clockOf(other) !== undefined) return false;
    const lease = QueueEnd.leaseOf(other);
    if (lease === undefined) throw wrongType('other', 'a Sender or a Receiver', other);
    this.#lease.mustBeLive();
    lease.mustBeLive();
    return binding.sameChannel(this.#lease.handle, lease.handle);
  }

  /** Encodes all values, then sends them: how many were accepted, or a wait. */
  #many(values: unknown[], send: (handle: number, parts: Parts, lengths?: Uint32Array) => number): number {
    const { handle, traits } = this.#lease;
    if (values.length === 0) return this.#none();
    const result = mayDrop(this.#lease, () =>
      withPack(values, traits.codec, ({ parts, lengths }) => send(handle, parts, lengths)),
    );
    if (result >= 0 || result <= Code.pending) return result;
    if (result === Code.nothing) return 0;
    throw failure(result, values);
  }

  /** No values: only what every verb checks. */
  #none(): number {
    this.#lease.mustBeLive();
    if (binding.look(this.#lease.handle, Look.isClosed) === 1) throw closed();
    return 0;
  }

  #ready(result: number): Promise<number> {
    if (!hasBudget()) return owe(this.#lease, result);
    countReady();
    return Promise.resolve(result);
  }
}
