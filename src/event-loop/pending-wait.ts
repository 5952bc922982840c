/**
 * One awaited wait, from its beginning to its promise: what settles it, and what may end it earlier.
 * Exactly one of the two happens; the side that settles it, asked to cancel, says which.
 */
import { Code, binding } from '../border/binding.js';
import { closedMeanwhile } from '../border/native-errors.js';
import type { EndState } from '../ends/end-state.js';
import { type Abortable, follow, unfollow } from './aborts.js';
import { clearTimeout, setTimeout, timeNow } from './runtime.js';
import { forget, hold, register } from './turns.js';
import type { WaitOwner } from './wait-owner.js';
import type { WaitOptions } from './wait-options.js';

/** The longest that one timer of Node's can last. */
export const longestTimer = 2 ** 31 - 1;

export abstract class PendingWait implements Abortable {
  readonly promise: Promise<unknown>;
  /** Whether the wait goes on when its handle is closed. */
  readonly outlivesHandle: boolean = false;
  protected resolve!: (value: unknown) => void;
  protected reject!: (error: unknown) => void;
  /** Whether it keeps the event loop alive now. */
  #holds = false;
  #deadline = Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(protected readonly options: WaitOptions) {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  /** Starts to wait. */
  begin(): Promise<unknown> {
    for (const owner of this.owners()) owner.waits.add(this);
    this.followRef();
    this.enlist(this.#holds);
    const { signal, timeout } = this.options;
    if (signal?.aborted === true) {
      // Since the call began: a codec of the caller's did it.
      this.aborted(signal.reason);
      return this.promise;
    }
    if (signal !== undefined) follow(signal, this);
    if (timeout === 0) {
      this.#timedOut();
    } else if (timeout !== Infinity) {
      this.#deadline = timeNow() + timeout;
      this.#armTimer(timeout);
    }
    return this.promise;
  }

  /** The signal aborted. */
  aborted(reason: unknown): void {
    if (!this.withdraw()) return;
    this.over();
    this.abort(reason);
  }

  /** Nobody here waits any more: the handle was closed, or the iteration left. */
  cutShort(): void {
    if (this.outlivesHandle || !this.withdraw()) return;
    this.over();
    this.cutOff();
  }

  /** A handle was ref'd or unref'd: any that is keeps the event loop alive. */
  followRef(): void {
    let refed = false;
    for (const owner of this.owners()) refed ||= owner.refed;
    if (refed === this.#holds) return;
    this.#holds = refed;
    hold(refed ? 1 : -1);
    if (refed) this.#timer?.ref();
    else this.#timer?.unref();
  }

  /** What it hangs on. */
  protected abstract owners(): readonly WaitOwner[];

  /** Takes its place with what will settle it. `refed`: it keeps the event loop alive. */
  protected abstract enlist(refed: boolean): void;

  /** Leaves its place, when it is over. */
  protected abstract delist(): void;

  /** Ends the wait where it would settle. False: it has settled, and will be told. */
  protected abstract withdraw(): boolean;

  /** What the verb answers when its time has run out. */
  protected abstract nothing(): unknown;

  /** Ends the promise for the signal's reason. */
  protected abort(reason: unknown): void {
    this.reject(reason);
  }

  protected cutOff(): void {
    this.reject(closedMeanwhile());
  }

  /** The wait is over. */
  protected over(): void {
    for (const owner of this.owners()) owner.waits.delete(this);
    this.delist();
    if (this.#holds) hold(-1);
    this.#holds = false;
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    if (this.options.signal !== undefined) unfollow(this.options.signal, this);
  }

  #armTimer(left: number): void {
    this.#timer = setTimeout(() => this.#checkDeadline(), Math.min(Math.ceil(left), longestTimer));
    if (!this.#holds) this.#timer.unref();
  }

  #checkDeadline(): void {
    const left = this.#deadline - timeNow();
    if (left > 0) this.#armTimer(left);
    else this.#timedOut();
  }

  #timedOut(): void {
    if (!this.withdraw()) return;
    this.over();
    this.resolve(this.nothing());
  }
}

/** A wait that the native side settles. */
export abstract class NativeWait extends PendingWait {
  /** `wait`: its native id. */
  constructor(
    private readonly wait: number,
    options: WaitOptions,
  ) {
    super(options);
  }

  /** It has come to this: `result` and `length` are what `nextSettled` left in `outcome`. */
  abstract settle(result: number, length: number): void;

  /** Microseconds to poll for it, -1 for adaptive. */
  protected abstract poll(): number;

  protected enlist(refed: boolean): void {
    register(this.wait, this, refed ? this.poll() : 0);
  }

  protected delist(): void {
    forget(this.wait);
  }

  protected withdraw(): boolean {
    return binding.cancelWait(this.wait);
  }
}

/** A wait of one handle. */
export abstract class HandleWait extends NativeWait {
  readonly #owners: readonly EndState[];

  /** `end`: the handle, which is not to be garbage-collected meanwhile. */
  constructor(
    wait: number,
    readonly end: object,
    state: EndState,
    options: WaitOptions,
  ) {
    super(wait, options);
    this.#owners = [state];
  }

  settle(result: number, length: number): void {
    this.over();
    if (result === Code.closed) this.closed((this.#owners[0] as EndState).closedError());
    else this.answer(result, length);
  }

  /** Resolves with the result. */
  protected abstract answer(result: number, length: number): void;

  protected owners(): readonly EndState[] {
    return this.#owners;
  }

  protected poll(): number {
    return this.#owners[0]?.traits.poll ?? 0;
  }

  /** The channel is closed, as `error` says. */
  protected closed(error: Error): void {
    this.reject(error);
  }
}

/** A wait of a sending handle. */
export abstract class SenderWait extends HandleWait {
  /** Who waits for room and looks for it at every turn is let in for one message at a time; who sleeps finds room for many. */
  protected override poll(): number {
    return Math.max(super.poll(), 0);
  }
}
