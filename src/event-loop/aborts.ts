/** What signals end: one listener a signal, however many waits it ends, so that n of them cost n times one. */

/** What ends when a signal aborts. */
export interface Abortable {
  aborted(reason: unknown): void;
}

/** Who follows one signal. */
class Followers {
  readonly all = new Set<Abortable>();
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', this.#aborted, { once: true });
  }

  leave(follower: Abortable): void {
    this.all.delete(follower);
    if (this.all.size > 0) return;
    bySignal.delete(this.#signal);
    this.#signal.removeEventListener('abort', this.#aborted);
  }

  readonly #aborted = (): void => {
    bySignal.delete(this.#signal);
    const { reason } = this.#signal;
    // Who is ended by what another's end brings about leaves the set, and is passed over.
    for (const follower of this.all) {
      this.all.delete(follower);
      follower.aborted(reason);
    }
  };
}

const bySignal = new WeakMap<AbortSignal, Followers>();

/** From here on `follower` is told, once, when the signal aborts, which it has not. */
export function follow(signal: AbortSignal, follower: Abortable): void {
  let followers = bySignal.get(signal);
  if (followers === undefined) {
    followers = new Followers(signal);
    bySignal.set(signal, followers);
  }
  followers.all.add(follower);
}

/** `follower` is not told any more. */
export function unfollow(signal: AbortSignal, follower: Abortable): void {
  bySignal.get(signal)?.leave(follower);
}
