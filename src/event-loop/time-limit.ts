/** The end of a wait's time: called once, when it is over, however long it is. */
import { clearTimeout, setTimeout, timeNow } from './runtime.js';

/** The longest that one timer of Node's can last. */
export const longestTimer = 2 ** 31 - 1;

export class TimeLimit {
  readonly #deadline: number;
  #timer: NodeJS.Timeout;

  /** `ms`: from now on. `refed`: it keeps the event loop alive. */
  constructor(
    ms: number,
    private refed: boolean,
    private readonly over: () => void,
  ) {
    this.#deadline = timeNow() + ms;
    this.#timer = this.#arm(ms);
  }

  setRef(refed: boolean): void {
    this.refed = refed;
    if (refed) this.#timer.ref();
    else this.#timer.unref();
  }

  /** It does not matter any more. */
  lift(): void {
    clearTimeout(this.#timer);
  }

  #arm(left: number): NodeJS.Timeout {
    const timer = setTimeout(() => this.#check(), Math.min(Math.ceil(left), longestTimer));
    return this.refed ? timer : timer.unref();
  }

  #check(): void {
    const left = this.#deadline - timeNow();
    if (left > 0) this.#timer = this.#arm(left);
    else this.over();
  }
}
