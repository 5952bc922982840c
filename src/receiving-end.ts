/** How a receiving end does it. receiver.ts says what it promises. */
import { Code, binding, outcome } from './binding.js';
import { asTarget, lengthOf } from './bytes.js';
import { mayClose } from './diagnostics.js';
import { failure } from './failure.js';
import { QueueEnd } from './handle.js';
import { type Intake, intakeFor } from './intake.js';
import { Iteration } from './iteration.js';
import { Lease } from './lease.js';
import { OneRef } from './live-refs.js';
import { outOfRange, refused } from './misuse.js';
import { OneMessage, type Taking, receive } from './receive.js';
import { ManyMessages, takeMany } from './receive-many.js';
import type { Receiver, SoleReceiver } from './receiver.js';
import type { RecvRef } from './refs.js';
import { Steps } from './steps.js';
import type { AnySyncWait, AnyWait, SyncWait, Wait } from './wait.js';
import { readMax, readSyncWait, readWait } from './wait.js';

export class ReceivingEnd<T> extends QueueEnd implements SoleReceiver<T> {
  readonly #lease: Lease;
  readonly #intake: Intake;
  readonly #one: Taking;

  constructor(lease: Lease) {
    super(lease);
    this.#lease = lease;
    this.#intake = intakeFor(lease.traits.codec, lease.traits.ownBuffers);
    this.#one = new OneMessage(lease, this.#intake);
  }

  /** The intake of a receiving end, `undefined` for anything else. */
  static intakeOf(value: unknown): Intake | undefined {
    return typeof value === 'object' && value !== null && #intake in value ? value.#intake : undefined;
  }

  get [Symbol.toStringTag](): string {
    return 'SoleReceiver';
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
      return receive(this, this.#lease, this.#one, readWait(wait));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  recvSync(wait?: SyncWait): T;
  recvSync(wait?: AnySyncWait): T | undefined;
  recvSync(wait?: unknown): unknown {
    return this.#recvWithin(readSyncWait(wait).timeout);
  }

  #recvWithin(timeout: number): T | undefined {
    const intake = this.#intake;
    intake.ready();
    const result = binding.recvSync(this.#lease.handle, intake.memory, intake.offset, timeout);
    return result >= 0 ? (intake.take(result) as T) : this.#otherwise(result);
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

  tryRecvMany(max: number): T[] {
    const values: T[] = [];
    const answer = takeMany(this.#lease, this.#intake, readMax(max), true, values);
    if (answer >= Code.nothing) return values;
    throw failure(answer);
  }

  recvMany(max: number, wait?: AnyWait): Promise<T[]> {
    try {
      const many = new ManyMessages(this.#lease, this.#intake, readMax(max));
      return receive(this, this.#lease, many, readWait(wait)) as Promise<T[]>;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  recvManySync(max: number, wait?: AnySyncWait): T[] {
    const most = readMax(max);
    const { timeout } = readSyncWait(wait);
    const values: T[] = [];
    const answer = takeMany(this.#lease, this.#intake, most, false, values);
    if (answer > 0) return values;
    if (answer !== Code.nothing) throw failure(answer);
    const first = this.#recvWithin(timeout);
    if (first === undefined) return values;
    values.push(first);
    takeMany(this.#lease, this.#intake, most, false, values);
    return values;
  }

  tryRecvRef(): RecvRef | undefined {
    return OneRef.of(this, this.#lease).tryTake();
  }

  recvRef(wait?: Wait): Promise<RecvRef>;
  recvRef(wait?: AnyWait): Promise<RecvRef | undefined>;
  recvRef(wait?: unknown): Promise<unknown> {
    try {
      return receive(this, this.#lease, OneRef.of(this, this.#lease), readWait(wait));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  recvRefSync(wait?: SyncWait): RecvRef;
  recvRefSync(wait?: AnySyncWait): RecvRef | undefined;
  recvRefSync(wait?: unknown): unknown {
    return OneRef.of(this, this.#lease).takeWithin(readSyncWait(wait).timeout);
  }

  tryIter(): Iterable<T> {
    this.#lease.mustBeLive();
    let left = this.#lease.length;
    const step = () => ((left -= 1) >= 0 ? this.tryRecv() : undefined);
    return new Steps(step, this.#lease, (steps) => this.iterating(steps));
  }

  iterSync(): Iterable<T> {
    this.#lease.mustBeLive();
    return new Steps(
      () => this.recvSync(),
      this.#lease,
      (steps) => this.iterating(steps),
    );
  }

  latest(): T | undefined {
    const intake = this.#intake;
    intake.ready();
    const result = binding.latest(this.#lease.handle, intake.memory, intake.offset);
    return result >= 0 ? (intake.take(result) as T) : this.#otherwise(result);
  }

  batches(max: number): AsyncIterable<T[]> {
    this.#lease.mustBeLive();
    return this.#iterate<T[]>(new ManyMessages(this.#lease, this.#intake, readMax(max)));
  }

  cancel(): number {
    return mayClose(() => {
      const result = binding.cancel(this.#lease.handle);
      if (result < 0) throw failure(result);
      return outcome[0] as number;
    });
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    this.#lease.mustBeLive();
    return this.#iterate<T>(this.#one);
  }

  #iterate<V>(taking: Taking): Iteration<V> {
    return new Iteration<V>(this, this.#lease, taking, (iterator) => this.iterating(iterator));
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

/** One that can have others beside it. */
export class SharedReceivingEnd<T> extends ReceivingEnd<T> implements Receiver<T> {
  override get [Symbol.toStringTag](): string {
    return 'Receiver';
  }

  clone(): Receiver<T> {
    const { handle, traits } = QueueEnd.leaseOf(this) as Lease;
    const result = binding.clone(handle);
    if (result < 0) throw failure(result);
    return new SharedReceivingEnd(new Lease(outcome[0] as number, traits));
  }
}
