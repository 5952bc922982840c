/**
 * One awaited wait, from its registration to its promise: what settles it, and what may end it earlier.
 * Exactly one of the two happens; the native side, asked to cancel, says which.
 */
import { clearTimeout, setTimeout } from 'node:timers';

import { Code, binding } from './binding.js';
import { closed, closedMeanwhile } from './failure.js';
import type { Lease } from './lease.js';
import { forget, register } from './turns.js';
import type { Patience } from './wait.js';

/** The longest that one timer of Node's can last. */
const longestTimer = 2 ** 31 - 1;

export abstract class Awaited {
  readonly promise: Promise<unknown>;
  /** Whether the wait goes on when its handle is closed. */
  readonly outlivesHandle: boolean = false;
  /** Whether it is worth polling for where the channel leaves that to us. */
  readonly isPolledFor: boolean = true;
  protected resolve!: (value: unknown) => void;
  protected reject!: (error: unknown) => void;
  #deadline = Infinity;
  #timer: NodeJS.Timeout | undefined;
  #onAbort: (() => void) | undefined;

  /** `end`: the handle, which is not to be garbage-collected meanwhile. */
  constructor(
    readonly id: number,
    readonly end: object,
    readonly lease: Lease,
    protected readonly patience: Patience,
  ) {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  /** Starts to wait. */
  begin(): Promise<unknown> {
    register(this);
    const { signal, timeout } = this.patience;
    if (signal !== undefined) {
      this.#onAbort = () => this.#aborted();
      signal.addEventListener('abort', this.#onAbort, { once: true });
    }
    if (timeout === 0) {
      this.#timedOut();
    } else if (timeout !== Infinity) {
      this.#deadline = performance.now() + timeout;
      this.#armTimer(timeout);
    }
    return this.promise;
  }

  /** The native side is done: `result` and `length` are what `nextSettled` left in `outcome`. */
  settle(result: number, length: number): void {
    this.#over();
    if (result === Code.closed) this.channelClosed();
    else this.answer(result, length);
  }

  /** Nobody here waits any more: the handle was closed, or the iteration left. */
  cutShort(): void {
    if (this.outlivesHandle || !binding.cancelWait(this.id)) return;
    this.#over();
    this.cutOff();
  }

  /** The handle was ref'd or unref'd. */
  followRef(refed: boolean): void {
    if (refed) this.#timer?.ref();
    else this.#timer?.unref();
  }

  /** Resolves with the result. */
  protected abstract answer(result: number, length: number): void;

  /** What the verb answers when its time has run out. */
  protected abstract nothing(): unknown;

  protected channelClosed(): void {
    this.reject(closed());
  }

  protected cutOff(): void {
    this.reject(closedMeanwhile());
  }

  #armTimer(left: number): void {
    this.#timer = setTimeout(() => this.#checkDeadline(), Math.min(Math.ceil(left), longestTimer));
    if (!this.lease.refed) this.#timer.unref();
  }

  #checkDeadline(): void {
    const left = this.#deadline - performance.now();
    if (left > 0) this.#armTimer(left);
    else this.#timedOut();
  }

  #timedOut(): void {
    if (!binding.cancelWait(this.id)) return;
    this.#over();
    this.resolve(this.nothing());
  }

  #aborted(): void {
    if (!binding.cancelWait(this.id)) return;
    this.#over();
    this.reject(this.patience.signal?.reason);
  }

  #over(): void {
    forget(this);
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    if (this.#onAbort !== undefined) this.patience.signal?.removeEventListener('abort', this.#onAbort);
  }
}
