/** The ends of a triple buffer: how they do what triple-buffer.ts promises. */
import { Code, Look, binding, outcome } from './binding.js';
import { lay, lengthOf } from './bytes.js';
import { failure } from './failure.js';
import { End } from './handle.js';
import { scratch } from './intake.js';
import type { Lease } from './lease.js';
import { noMemory, outOfRange, wrongType } from './misuse.js';
import { AwaitedDone } from './send-laid.js';
import { SlotViews } from './slot-views.js';
import type { Input, Output } from './triple-buffer.js';
import { countReady, hasBudget, owe } from './turns.js';
import type { AnySyncWait, AnyWait, SyncWait, TimedSyncWait, TimedWait, Wait } from './wait.js';
import { readSyncWait, readWait } from './wait.js';

/** An end of a triple buffer: the only one of its side. */
export abstract class LatestEnd extends End {
  readonly #handle: number;
  readonly #views: SlotViews;

  constructor(lease: Lease) {
    super(lease);
    this.#handle = lease.handle;
    this.#views = new SlotViews(lease.handle);
  }

  /** The current slot's bytes; `copied` is asked where they cannot be seen in place, and for how many. */
  protected current(copied: (length: number) => Uint8Array): Uint8Array {
    const slot = binding.slot(this.#handle);
    const length = outcome[0] as number;
    if (slot === Code.spent || length <= 0) return new Uint8Array(0);
    return this.#views.view(slot, length) ?? copied(length);
  }
}

export class WritingEnd<in T> extends LatestEnd implements Input<T> {
  readonly #lease: Lease;
  /** The longest value. */
  readonly #most: number;
  /** Written to in place of a slot, where those cannot be seen. */
  #instead: Uint8Array | undefined;

  constructor(lease: Lease) {
    super(lease);
    this.#lease = lease;
    this.#most = binding.look(lease.handle, Look.byteLength);
  }

  get [Symbol.toStringTag](): string {
    return 'Input';
  }

  get buffer(): Uint8Array {
    return this.current((length) => {
      if (!isThere(this.#instead)) this.#instead = new Uint8Array(length);
      return this.#instead;
    });
  }

  publish(byteLength?: number): boolean {
    const { handle } = this.#lease;
    const length = byteLength === undefined ? this.#most : byteLength;
    if (typeof length !== 'number') throw wrongType('byteLength', 'a number of bytes', length);
    if (!Number.isInteger(length) || length < 0 || length > this.#most) {
      throw outOfRange('byteLength', `an integer, 0 to ${this.#most}`, length);
    }
    if (!isThere(this.#instead)) return this.#published(binding.publish(handle, length));
    const bytes = lay(new Uint8Array(this.#instead.buffer, 0, length));
    return this.#published(binding.writeLatest(handle, bytes));
  }

  write(value: T): boolean {
    const { handle, traits } = this.#lease;
    return this.#published(binding.writeLatest(handle, traits.codec.lay(value)), value);
  }

  #published(result: number, value?: unknown): boolean {
    if (result >= 0) return result === 1;
    if (result !== Code.tooLong) throw failure(result, value);
    throw outOfRange('value.byteLength', `at most ${this.#most} bytes once encoded`, outcome[0]);
  }
}

/** Whether the bytes are: not `undefined`, and not moved away by the caller. */
function isThere(bytes: Uint8Array | undefined): bytes is Uint8Array {
  return bytes !== undefined && lengthOf(bytes) > 0;
}

/** What `changed` resolves with when there was nothing to wait for. */
const done = Promise.resolve();
const doneInTime = Promise.resolve(true);

export class ReadingEnd<T> extends LatestEnd implements Output<T> {
  readonly #lease: Lease;
  /** The current value, where its slot cannot be seen. */
  #copy: Uint8Array | undefined;

  constructor(lease: Lease) {
    super(lease);
    this.#lease = lease;
  }

  get [Symbol.toStringTag](): string {
    return 'Output';
  }

  get buffer(): Uint8Array {
    return this.current((length) => {
      if (!isThere(this.#copy)) this.#copy = this.#copied(length);
      return this.#copy;
    });
  }

  get updated(): boolean {
    return binding.updated(this.#lease.handle) === 1;
  }

  update(): boolean {
    const result = binding.update(this.#lease.handle);
    if (result < 0) throw failure(result);
    if (result === 1) this.#copy = undefined;
    return result === 1;
  }

  read(): T | undefined {
    this.update();
    const { handle, traits } = this.#lease;
    const length = binding.copySlot(handle, scratch);
    if (length === Code.nothing) return undefined;
    if (length === Code.tooLong) {
      const whole = outcome[0] as number;
      return traits.codec.read(this.#copied(whole), 0, whole) as T;
    }
    const bytes = traits.codec.keeps === 'nothing' ? scratch : scratch.slice(0, length);
    return traits.codec.read(bytes, 0, length) as T;
  }

  changed(wait?: Wait): Promise<void>;
  changed(wait: TimedWait): Promise<boolean>;
  changed(wait?: AnyWait): Promise<boolean | void>;
  changed(wait?: unknown): Promise<unknown> {
    try {
      const patience = readWait(wait);
      if (patience.signal?.aborted === true) return Promise.reject(patience.signal.reason);
      const result = binding.changed(this.#lease.handle);
      if (result === Code.ok) return this.#done(patience.timed);
      if (result > Code.pending) throw failure(result);
      return new AwaitedDone(Code.pending - result, this, this.#lease, patience).begin();
    } catch (error) {
      return Promise.reject(error);
    }
  }

  changedSync(wait?: SyncWait): void;
  changedSync(wait: TimedSyncWait): boolean;
  changedSync(wait?: AnySyncWait): boolean | void;
  changedSync(wait?: unknown): unknown {
    const { timeout, timed } = readSyncWait(wait);
    const result = binding.changedSync(this.#lease.handle, timeout);
    if (result === Code.ok) return timed ? true : undefined;
    if (result === Code.nothing) return false;
    throw failure(result);
  }

  /** A copy of the current value's `length` bytes, in memory of its own. */
  #copied(length: number): Uint8Array {
    let target: Uint8Array;
    try {
      target = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
    } catch {
      throw noMemory(`there is not enough memory for a copy of ${length} bytes`);
    }
    const result = binding.copySlot(this.#lease.handle, target);
    if (result < 0) throw failure(result);
    return target;
  }

  /** A value was there: the promise, in its turn. */
  #done(timed: boolean): Promise<unknown> {
    if (!hasBudget()) return owe(this.#lease, timed ? true : undefined);
    countReady();
    return timed ? doneInTime : done;
  }
}
