/** The ends of a watch: how they do what watch.ts promises. */
import { Code, binding, outcome } from '../border/binding.js';
import { changed, changedSync } from '../ends/changes.js';
import { EndState } from '../ends/end-state.js';
import { End } from '../ends/handle.js';
import { type ReceiveMemory, receiveMemoryFor, scratch } from '../ends/receiving/receive-memory.js';
import type {
  AnySyncWait,
  AnyWait,
  SyncWait,
  TimedSyncWait,
  TimedWait,
  Wait,
} from '../event-loop/wait-options.js';
import type { WatchReceiver, WatchSender } from './watch.js';
import { WatchIteration } from './watch-iteration.js';

/** What another native call has made beside this end. */
function beside(verb: string, state: EndState, make: (handle: number) => number): EndState {
  const result = make(state.handle);
  if (result < 0) throw state.failure(verb, result);
  return new EndState(outcome[0] as number, state.traits);
}

export class WatchSendingEnd<in T> extends End implements WatchSender<T> {
  readonly #state: EndState;

  constructor(state: EndState) {
    super(state);
    this.#state = state;
  }

  get [Symbol.toStringTag](): string {
    return 'WatchSender';
  }

  set(value: T): void {
    try {
      const { handle, traits } = this.#state;
      const result = binding.setNewest(handle, traits.codec.encode(value));
      if (result !== Code.ok) throw this.#state.failure('set', result, value);
    } catch (error) {
      throw this.#state.told('set', error);
    }
  }

  clone(): WatchSender<T> {
    return new WatchSendingEnd(beside('clone', this.#state, binding.clone));
  }

  subscribe(): WatchReceiver<unknown> {
    return new WatchReceivingEnd(beside('subscribe', this.#state, binding.subscribe));
  }
}

export class WatchReceivingEnd<T> extends End implements WatchReceiver<T> {
  readonly #state: EndState;
  readonly #handle: number;
  readonly #buffers: ReceiveMemory;
  #value: T | undefined;
  /** The newest value is not here, though it may count as seen: in another thread, or it could not be decoded. */
  #isMissing = true;

  constructor(state: EndState) {
    super(state);
    this.#state = state;
    this.#handle = state.handle;
    this.#buffers = receiveMemoryFor(state.traits.codec, true);
  }

  get [Symbol.toStringTag](): string {
    return 'WatchReceiver';
  }

  get(): T | undefined {
    try {
      // The cheapest crossing there is: it copies nothing.
      if (!this.#isMissing && binding.updated(this.#handle) === 0) return this.#value;
      const result = binding.getNewest(this.#handle, scratch, 0, this.#isMissing);
      return result === Code.nothing ? this.#value : this.#decode(result);
    } catch (error) {
      throw this.#state.told('get', error);
    }
  }

  get hasChanged(): boolean {
    return !this.#state.isEmpty;
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

  clone(): WatchReceiver<T> {
    return new WatchReceivingEnd(beside('clone', this.#state, binding.clone));
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    this.#state.mustBeLive('for await');
    return new WatchIteration(this, this.#state, (iteration) => this.iterating(iteration));
  }

  /** A native answer that is a value. */
  #decode(result: number): T {
    if (result < 0 && result !== Code.held) throw this.#state.failure('get', result);
    this.#isMissing = true;
    const value = result >= 0 ? this.#buffers.take(result) : this.#buffers.takeHeld(outcome[0] as number);
    this.#isMissing = false;
    this.#value = value as T;
    return this.#value;
  }
}
