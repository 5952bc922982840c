/** `for await` over messages where they lie: each is lent until the next step, and then taken back. */
import type { EndState } from '../ends/end-state.js';
import { Iteration } from '../ends/receiving/iteration.js';
import type { Taking } from '../ends/receiving/receive-one.js';
import type { WaitOptions } from '../event-loop/wait-options.js';
import type { OneRef } from './live-refs.js';
import type { RecvRef } from './refs.js';

/** Takes messages as refs, and knows which of them are lent. */
export class Lending implements Taking {
  #lent: RecvRef[] = [];

  constructor(private readonly one: OneRef) {}

  get verb(): string {
    return 'for await';
  }

  ask(inLine: boolean): number {
    return this.one.ask(inLine);
  }

  take(): RecvRef {
    return this.#lend(this.one.take());
  }

  takeSettled(result: number, length: number): RecvRef {
    return this.#lend(this.one.takeSettled(result, length));
  }

  nothing(): undefined {}

  /** Takes back what was neither forwarded nor kept. */
  takeBack(): void {
    const lent = this.#lent;
    while (lent.length > 0) lent.pop()![Symbol.dispose]();
  }

  #lend(ref: RecvRef): RecvRef {
    this.#lent.push(ref);
    return ref;
  }
}

export class RefIteration extends Iteration<RecvRef> {
  readonly #lending: Lending;

  constructor(
    end: object,
    state: EndState,
    lending: Lending,
    options: WaitOptions,
    open: (iteration: object) => () => void,
  ) {
    super(end, state, lending, options, open);
    this.#lending = lending;
  }

  override next(): Promise<IteratorResult<RecvRef>> {
    this.#lending.takeBack();
    return super.next();
  }

  override return(value?: unknown): Promise<IteratorResult<RecvRef>> {
    this.#lending.takeBack();
    return super.return(value);
  }
}
