/** `for await` over a watch's receiver: the newest value each time, until the senders are gone, the loop is left, or it closes its handle. */
import type { EndState } from '../ends/end-state.js';
import { ChannelClosedError } from '../errors/errors.js';
import type { WatchReceiver } from './watch.js';

export class WatchIteration<T> implements AsyncIterator<T> {
  /** Ends the steps that are pending when the loop is left. */
  readonly #left = new AbortController();
  readonly #end: WatchReceiver<T>;
  readonly #state: EndState;
  /** Says that the iteration is over; `undefined` once it is. */
  #over: (() => void) | undefined;

  /** `open` is told that the iteration has begun, and answers with what to call when it is over. */
  constructor(end: WatchReceiver<T>, state: EndState, open: (iteration: object) => () => void) {
    this.#end = end;
    this.#state = state;
    this.#over = open(this);
  }

  async next(): Promise<IteratorResult<T>> {
    try {
      while (this.#goesOn()) {
        await this.#end.changed({ signal: this.#left.signal });
        // Another step, or a `get`, may have had it meanwhile.
        if (this.#goesOn() && this.#end.hasChanged) return { value: this.#end.get() as T, done: false };
      }
    } catch (error) {
      const goesOn = this.#goesOn();
      this.#finish();
      if (goesOn && !(error instanceof ChannelClosedError)) throw error;
    }
    this.#finish();
    return { value: undefined, done: true };
  }

  async return(value?: unknown): Promise<IteratorResult<T>> {
    this.#finish();
    this.#left.abort();
    return { value, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #goesOn(): boolean {
    return this.#over !== undefined && this.#state.spent !== 'closed';
  }

  #finish(): void {
    this.#over?.();
    this.#over = undefined;
  }
}
