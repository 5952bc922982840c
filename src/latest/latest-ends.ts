/** The ends of a triple buffer: how they do what triple-buffer.ts promises. */
import { Code, Look, binding, outcome } from '../border/binding.js';
import { encodeBytes, lengthOf } from '../border/bytes.js';
import { changed, changedSync } from '../ends/changes.js';
import { End } from '../ends/handle.js';
import { scratch } from '../ends/receiving/receive-memory.js';
import type { EndState } from '../ends/end-state.js';
import { noMemory, outOfRange, wrongType } from '../errors/misuse.js';
import { SlotViews } from './slot-views.js';
import type { Input, Output } from './triple-buffer.js';
import type {
  AnySyncWait,
  AnyWait,
  SyncWait,
  TimedSyncWait,
  TimedWait,
  Wait,
} from '../event-loop/wait-options.js';

/** An end of a triple buffer: the only one of its side. */
export abstract class LatestEnd extends End {
  readonly #handle: number;
  readonly #views: SlotViews;

  constructor(state: EndState) {
    super(state);
    this.#handle = state.handle;
    this.#views = new SlotViews(state.handle);
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
  readonly #state: EndState;
  /** The longest value. */
  readonly #most: number;
  /** Written to in place of a slot, where those cannot be seen. */
  #instead: Uint8Array | undefined;

  constructor(state: EndState) {
    super(state);
    this.#state = state;
    this.#most = binding.look(state.handle, Look.byteLength);
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
    try {
      const { handle } = this.#state;
      const length = byteLength === undefined ? this.#most : byteLength;
      if (typeof length !== 'number') throw wrongType('byteLength', 'a number of bytes', length);
      if (!Number.isInteger(length) || length < 0 || length > this.#most) {
        throw outOfRange('byteLength', `an integer, 0 to ${this.#most}`, length);
      }
      if (!isThere(this.#instead)) return this.#published('publish', binding.publish(handle, length));
      const bytes = encodeBytes(new Uint8Array(this.#instead.buffer, 0, length));
      return this.#published('publish', binding.writeLatest(handle, bytes));
    } catch (error) {
      throw this.#state.told('publish', error);
    }
  }

  write(value: T): boolean {
    try {
      const { handle, traits } = this.#state;
      return this.#published('write', binding.writeLatest(handle, traits.codec.encode(value)), value);
    } catch (error) {
      throw this.#state.told('write', error);
    }
  }

  #published(verb: string, result: number, value?: unknown): boolean {
    if (result >= 0) return result === 1;
    if (result !== Code.tooLong) throw this.#state.failure(verb, result, value);
    throw outOfRange('value.byteLength', `at most ${this.#most} bytes once encoded`, outcome[0]);
  }
}

/** Whether the bytes are: not `undefined`, and not moved away by the caller. */
function isThere(bytes: Uint8Array | undefined): bytes is Uint8Array {
  return bytes !== undefined && lengthOf(bytes) > 0;
}

export class ReadingEnd<T> extends LatestEnd implements Output<T> {
  readonly #state: EndState;
  /** The current value, where its slot cannot be seen. */
  #copy: Uint8Array | undefined;

  constructor(state: EndState) {
    super(state);
    this.#state = state;
  }

  get [Symbol.toStringTag](): string {
    return 'Output';
  }

  get buffer(): Uint8Array {
    return this.current((length) => {
      if (!isThere(this.#copy)) this.#copy = this.#copied('buffer', length);
      return this.#copy;
    });
  }

  get updated(): boolean {
    return binding.updated(this.#state.handle) === 1;
  }

  update(): boolean {
    return this.#update('update');
  }

  #update(verb: string): boolean {
    const result = binding.update(this.#state.handle);
    if (result < 0) throw this.#state.failure(verb, result);
    if (result === 1) this.#copy = undefined;
    return result === 1;
  }

  read(): T | undefined {
    try {
      this.#update('read');
      const { handle, traits } = this.#state;
      const length = binding.copySlot(handle, scratch);
      if (length === Code.nothing) return undefined;
      if (length === Code.tooLong) {
        const whole = outcome[0] as number;
        return traits.codec.read(this.#copied('read', whole), 0, whole) as T;
      }
      const bytes = traits.codec.keeps === 'nothing' ? scratch : scratch.slice(0, length);
      return traits.codec.read(bytes, 0, length) as T;
    } catch (error) {
      throw this.#state.told('read', error);
    }
  }

  changed(wait?: Wait): Promise<void>;
  changed(wait: TimedWait): Promise<boolean>;
  changed(wait?: AnyWait): Promise<boolean | void>;
  changed(wait?: unknown): Promise<unknown> {
    return changed(this, this.#state, wait);
  }

  changedSync(wait?: SyncWait): void;
  changedSync(wait: TimedSyncWait): boolean;
  changedSync(wait?: AnySyncWait): boolean | void;
  changedSync(wait?: unknown): unknown {
    return changedSync(this.#state, wait);
  }

  /** A copy of the current value's `length` bytes, in memory of its own. */
  #copied(verb: string, length: number): Uint8Array {
    let target: Uint8Array;
    try {
      target = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
    } catch {
      throw noMemory(`there is not enough memory for a copy of ${length} bytes`);
    }
    const result = binding.copySlot(this.#state.handle, target);
    if (result < 0) throw this.#state.failure(verb, result);
    return target;
  }
}
