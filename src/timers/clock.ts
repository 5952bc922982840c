/**
 * What beats: once at an instant, again and again, or never. It lives in this thread, and a timer of Node's runs
 * for it only while somebody waits.
 */
import { longestTimer } from '../event-loop/time-limit.js';
import { clearTimeout, setTimeout, timeNow } from '../event-loop/runtime.js';
import { spent } from '../border/native-errors.js';
import { ChannelClosedError } from '../errors/errors.js';
import type { CloseReason } from '../ends/close-reason.js';
import { threadId } from 'node:worker_threads';
import { WaitOwner } from '../event-loop/wait-owner.js';

/** Who waits for a beat. */
export interface BeatWaiter {
  /** A beat is due; false when this one no longer waits, and the beat goes to the next. */
  beat(at: number): boolean;
}

/** The shortest time between two beats, in milliseconds; anything shorter means this. */
const shortest = 0.001;

export class Clock extends WaitOwner {
  received = 0;
  /** Beats that came while an earlier one was still there. */
  dropped = 0;
  discarded = 0;
  /** For all time to come: it was closed here, or cancelled. */
  over: 'closed' | 'cancelled' | undefined;
  /** Why it was cancelled, once it is. */
  closeReason: CloseReason | undefined;
  readonly #every: number;
  #due: number;
  /** In the order in which they began to wait. */
  readonly #waiters = new Set<BeatWaiter>();
  #timer: NodeJS.Timeout | undefined;

  /** The first beat in `first` milliseconds, others every `every`; `Infinity` for none. */
  constructor(first: number, every: number) {
    super();
    this.#every = Math.max(every, shortest);
    this.#due = timeNow() + first;
  }

  /** When the next beat is due; `Infinity` when none will come. */
  get due(): number {
    return this.#due;
  }

  get waiting(): number {
    return this.#waiters.size;
  }

  get spent(): 'closed' | undefined {
    return this.over === 'closed' ? 'closed' : undefined;
  }

  /** Whether a beat is there. */
  get isDue(): boolean {
    this.#serve();
    return timeNow() >= this.#due;
  }

  /** Throws unless its handle can be used. */
  mustBeLive(verb: string): void {
    if (this.over === 'closed') throw spent({ verb });
  }

  /** Throws unless it can be received from. */
  mustBeOpen(verb: string): void {
    this.mustBeLive(verb);
    if (this.over === 'cancelled') throw this.closedError(verb);
  }

  /** The error for receiving from it by `verb` once it is cancelled. */
  closedError(verb: string): ChannelClosedError {
    const { error } = this.closeReason ?? {};
    return new ChannelClosedError(
      `${verb}: the channel is closed`,
      error === undefined ? {} : { cause: error },
    );
  }

  /** Takes the beat that is there, behind those who wait. */
  take(): number | undefined {
    return this.isDue ? this.#advance(timeNow()) : undefined;
  }

  /** From here on `waiter` is told of a beat, once. */
  await(waiter: BeatWaiter): void {
    this.#waiters.add(waiter);
    this.#arm();
  }

  /** Ends a wait; whether there was one. */
  leave(waiter: BeatWaiter): boolean {
    const waited = this.#waiters.delete(waiter);
    if (this.#waiters.size === 0) this.#disarm();
    return waited;
  }

  /** Ends it for all time, as a receiver does; how many beats that were there are lost. */
  cancel(error: unknown): number {
    this.closeReason ??= Object.freeze({
      kind: 'cancelled',
      ...(error === undefined ? {} : { error }),
      thread: threadId,
    });
    return this.stop('cancelled');
  }

  /** Ends it; how many beats that were there are lost. */
  stop(how: 'closed' | 'cancelled'): number {
    const lost = this.isDue ? 1 : 0;
    this.discarded += lost;
    this.over = how;
    this.#due = Infinity;
    this.cutShort();
    this.#disarm();
    return lost;
  }

  #advance(now: number): number {
    const at = this.#due;
    this.received += 1;
    if (this.#every === Infinity) {
      this.#due = Infinity;
      return at;
    }
    const missed = Math.floor((now - at) / this.#every);
    this.dropped += missed;
    this.#due = at + (missed + 1) * this.#every;
    return at;
  }

  /** Tells those who wait of the beats that are there. */
  #serve(): void {
    for (const waiter of this.#waiters) {
      const now = timeNow();
      if (now < this.#due) return;
      this.#waiters.delete(waiter);
      if (waiter.beat(this.#due)) this.#advance(now);
    }
  }

  #arm(): void {
    if (this.#timer !== undefined || this.#waiters.size === 0 || this.#due === Infinity) return;
    const left = Math.max(Math.ceil(this.#due - timeNow()), 0);
    // What keeps the event loop alive are the waits.
    this.#timer = setTimeout(() => this.#ring(), Math.min(left, longestTimer)).unref();
  }

  #ring(): void {
    this.#timer = undefined;
    this.#serve();
    this.#arm();
  }

  #disarm(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
