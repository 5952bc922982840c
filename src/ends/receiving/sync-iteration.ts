/** A plain iteration over a receiving end, which never waits for a promise. */
import { ChannelClosedError } from '../../errors/errors.js';

/** What is iterated over: a handle may be closed by the loop itself. */
interface Spendable {
  readonly spent: string | undefined;
}

export class Steps<T> implements IterableIterator<T> {
  readonly #step: () => T | undefined;
  readonly #end: Spendable;
  /** Says that the iteration is over; `undefined` once it is. */
  #over: (() => void) | undefined;

  /**
   * `step` gives the next message, `undefined` after the last one. `open` is told that the iteration has begun,
   * and answers with what to call when it is over.
   */
  constructor(step: () => T | undefined, end: Spendable, open: (iteration: object) => () => void) {
    this.#step = step;
    this.#end = end;
    this.#over = open(this);
  }

  next(): IteratorResult<T, undefined> {
    const value = this.#value();
    if (value !== undefined) return { value, done: false };
    this.#finish();
    return { value: undefined, done: true };
  }

  return(value?: unknown): IteratorResult<T, undefined> {
    this.#finish();
    return { value: value as undefined, done: true };
  }

  [Symbol.iterator](): this {
    return this;
  }

  /** The next message; `undefined` when the iteration, the channel or the handle is at its end. */
  #value(): T | undefined {
    if (this.#over === undefined || this.#end.spent === 'closed') return undefined;
    try {
      return this.#step();
    } catch (error) {
      this.#finish();
      if (error instanceof ChannelClosedError) return undefined;
      throw error;
    }
  }

  #finish(): void {
    this.#over?.();
    this.#over = undefined;
  }
}
