/**
 * One awaited wait, from its beginning to its promise: what settles it, and what may end it earlier.
 * Exactly one of the two happens; the side that settles it, asked to cancel, says which.
 */
import { Code, binding } from '../border/binding.js';
import { closedMeanwhile } from '../border/native-errors.js';
import type { EndState } from '../ends/end-state.js';
import { type Abortable, follow, unfollow } from './aborts.js';
import { TimeLimit } from './time-limit.js';
import { forget, hold, register } from './turns.js';
import type { WaitOwner } from './wait-owner.js';
import { type WaitOptions, endless } from './wait-options.js';

/** Its fields are declared, and set by the constructor alone: defining each of them first is half of what a wait costs where code runs rarely. */
export abstract class PendingWait implements Abortable {
  declare readonly promise: Promise<unknown>;
  declare protected readonly options: WaitOptions;
  declare protected resolve: (value: unknown) => void;
  declare protected reject: (error: unknown) => void;
  /** What it hangs on. */
  declare protected readonly owner: WaitOwner;
  /** Whether it keeps the event loop alive now. */
  declare private holds: boolean;
  declare private limit: TimeLimit | undefined;

  constructor(owner: WaitOwner, options: WaitOptions) {
    this.owner = owner;
    this.options = options;
    this.holds = false;
    this.limit = undefined;
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  /** Whether the wait goes on when its handle is closed. */
  get outlivesHandle(): boolean {
    return false;
  }

  /** The verb that waits, for its errors. */
  protected abstract get verb(): string;

  /** Starts to wait. */
  begin(): Promise<unknown> {
    this.join();
    if (this.isRefed()) {
      this.holds = true;
      hold(1);
    }
    this.enlist(this.holds);
    if (this.options !== endless) this.#heed(this.options);
    return this.promise;
  }

  /** What may end it earlier. */
  #heed({ signal, timeout }: WaitOptions): void {
    if (signal?.aborted === true) {
      // Since the call began: a codec of the caller's did it.
      this.aborted(signal.reason);
      return;
    }
    if (signal !== undefined) follow(signal, this);
    if (timeout === 0) this.#timedOut();
    else if (timeout !== Infinity) this.limit = new TimeLimit(timeout, this.holds, () => this.#timedOut());
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
    const refed = this.isRefed();
    if (refed === this.holds) return;
    this.holds = refed;
    hold(refed ? 1 : -1);
    this.limit?.setRef(refed);
  }

  /** Hangs itself on what it waits for. */
  protected join(): void {
    this.owner.waits.add(this);
  }

  /** Takes itself from there. */
  protected leave(): void {
    this.owner.waits.delete(this);
  }

  protected isRefed(): boolean {
    return this.owner.refed;
  }

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
    this.reject(closedMeanwhile(this.verb));
  }

  /** The wait is over. */
  protected over(): void {
    this.leave();
    this.delist();
    if (this.holds) {
      this.holds = false;
      hold(-1);
    }
    if (this.options === endless) return;
    this.limit?.lift();
    if (this.options.signal !== undefined) unfollow(this.options.signal, this);
  }

  #timedOut(): void {
    if (!this.withdraw()) return;
    this.over();
    this.resolve(this.nothing());
  }
}

/** A wait that the native side settles. */
export abstract class NativeWait extends PendingWait {
  declare private readonly wait: number;

  /** `wait`: its native id. */
  constructor(wait: number, owner: WaitOwner, options: WaitOptions) {
    super(owner, options);
    this.wait = wait;
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
  declare readonly end: object;
  declare protected readonly owner: EndState;

  /** `end`: the handle, which is not to be garbage-collected meanwhile. */
  constructor(wait: number, end: object, state: EndState, options: WaitOptions) {
    super(wait, state, options);
    this.end = end;
  }

  settle(result: number, length: number): void {
    this.over();
    if (result === Code.closed) this.closed(this.owner.closedError(this.verb));
    else this.answer(result, length);
  }

  /** Resolves with the result. */
  protected abstract answer(result: number, length: number): void;

  protected poll(): number {
    return this.owner.traits.poll;
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
