/** `for await` over a timer: until it is closed, the loop is left, or a signal aborts. Leaving gives up its pending waits. */
import { follow, unfollow } from '../event-loop/aborts.js';
import type { WaitOptions } from '../event-loop/wait-options.js';

/** The timer, as its loop knows it. */
interface Beating {
  readonly isClosed: boolean;
  recv(wait: { signal: AbortSignal }): Promise<number>;
}

export class Beats<V> implements AsyncIterator<V> {
  readonly #left = new AbortController();
  /** The signal aborted, and no step has said so yet. */
  #mustTell = false;

  constructor(
    private readonly end: Beating,
    private readonly shape: (beat: number) => V,
    private readonly options: WaitOptions,
  ) {}

  async next(): Promise<IteratorResult<V>> {
    const { signal } = this.options;
    if (this.#left.signal.aborted || this.end.isClosed) return { value: undefined, done: true };
    const follower = { aborted: (reason: unknown) => this.#abort(reason) };
    if (signal?.aborted === true) this.#abort(signal.reason);
    else if (signal !== undefined) follow(signal, follower);
    try {
      return { value: this.shape(await this.end.recv({ signal: this.#left.signal })), done: false };
    } catch (error) {
      if (!this.#left.signal.aborted && !this.end.isClosed) throw error;
      return this.#over(error);
    } finally {
      if (signal !== undefined) unfollow(signal, follower);
    }
  }

  async return(value?: unknown): Promise<IteratorResult<V>> {
    this.#left.abort();
    return { value, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #abort(reason: unknown): void {
    if (this.#left.signal.aborted) return;
    this.#mustTell = true;
    this.#left.abort(reason);
  }

  /** The first step that was pending tells why, as the loop's only one does. */
  #over(error: unknown): IteratorResult<V> {
    if (!this.#mustTell) return { value: undefined, done: true };
    this.#mustTell = false;
    throw error;
  }
}
