/** A receive that has not settled. */
import { type Abortable, follow, unfollow } from '../../event-loop/aborts.js';
import { clearTimeout, setTimeout, timeNow } from '../../event-loop/runtime.js';
import type { WaitOptions } from '../../event-loop/wait-options.js';
import { longestTimer } from '../sending/pending-send.js';

export class Taker implements Abortable {
  readonly promise: Promise<unknown[]>;
  readonly values: unknown[] = [];
  /** The time at which it ends, `Infinity` for never. */
  readonly end: number;
  settled = false;
  readonly #signal: AbortSignal | undefined;
  #timer: NodeJS.Timeout | undefined;
  #resolve!: (values: unknown[]) => void;
  #reject!: (error: unknown) => void;

  /** `left` is called when it has settled, however. */
  constructor(
    readonly max: number,
    readonly options: WaitOptions,
    readonly left: (taker: Taker) => void,
  ) {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.end = timeNow() + options.timeout;
    this.#signal = options.signal;
    if (this.#signal !== undefined) follow(this.#signal, this);
    // A timeout of 0 tries once.
    if (options.timeout > 0 && options.timeout <= longestTimer) {
      this.#timer = setTimeout(() => this.answer(), options.timeout);
    }
  }

  get isFull(): boolean {
    return this.values.length >= this.max;
  }

  give(value: unknown): void {
    this.values.push(value);
    if (this.isFull) this.answer();
  }

  /** With what it has. */
  answer(): void {
    this.#settle(() => this.#resolve(this.values));
  }

  aborted(reason: unknown): void {
    this.fail(reason);
  }

  /** What it has was taken, and is its answer. */
  fail(error: unknown): void {
    this.#settle(() => (this.values.length > 0 ? this.#resolve(this.values) : this.#reject(error)));
  }

  #settle(how: () => void): void {
    if (this.settled) return;
    this.settled = true;
    clearTimeout(this.#timer);
    if (this.#signal !== undefined) unfollow(this.#signal, this);
    how();
    this.left(this);
  }
}
