/** A send that has not settled: its messages, and what may end it before the server has them. */
import { type Abortable, follow, unfollow } from '../../event-loop/aborts.js';
import { clearTimeout, setTimeout } from '../../event-loop/runtime.js';
import type { WaitOptions } from '../../event-loop/wait-options.js';

/** The longest that a timer of the platform takes. */
export const longestTimer = 2 ** 31 - 1;

export interface Outgoing {
  readonly bytes: Uint8Array;
  /** By which the server knows it again. */
  readonly id: string;
}

export class PendingSend implements Abortable {
  readonly promise: Promise<number>;
  accepted = 0;
  /** Some of it is on its way: the server has it, or not, and will say so. */
  underWay = false;
  /** Nobody waits any more; with what it was aborted, if it was. */
  givenUp: { readonly reason?: unknown } | undefined;
  settled = false;
  readonly #signal: AbortSignal | undefined;
  #timer: NodeJS.Timeout | undefined;
  #resolve!: (accepted: number) => void;
  #reject!: (error: unknown) => void;

  /** `left` is called when it has settled before its turn. */
  constructor(
    readonly messages: readonly Outgoing[],
    readonly options: WaitOptions,
    readonly left: () => void,
  ) {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#signal = options.signal;
    if (this.#signal !== undefined) follow(this.#signal, this);
    // A timeout of 0 tries once.
    if (options.timeout > 0 && options.timeout <= longestTimer) {
      this.#timer = setTimeout(() => this.giveUp({}), options.timeout);
    }
  }

  /** Whether it is not to be tried again. */
  get isOver(): boolean {
    return this.settled || this.givenUp !== undefined;
  }

  aborted(reason: unknown): void {
    this.giveUp({ reason });
  }

  giveUp(why: { readonly reason?: unknown }): void {
    this.givenUp ??= why;
    if (this.underWay) return;
    this.giveWay();
    this.left();
  }

  /** So many more are accepted. */
  accept(count: number): void {
    this.accepted += count;
    if (this.accepted === this.messages.length) this.#settle(() => this.#resolve(this.accepted));
  }

  /** It is not tried again: answers what was accepted, or why nothing was. */
  giveWay(): void {
    const { givenUp, accepted } = this;
    this.#settle(() => {
      if (accepted === 0 && givenUp !== undefined && 'reason' in givenUp) this.#reject(givenUp.reason);
      else this.#resolve(accepted);
    });
  }

  fail(error: unknown): void {
    this.#settle(() => (this.accepted > 0 ? this.#resolve(this.accepted) : this.#reject(error)));
  }

  #settle(how: () => void): void {
    if (this.settled) return;
    this.settled = true;
    clearTimeout(this.#timer);
    if (this.#signal !== undefined) unfollow(this.#signal, this);
    how();
  }
}
