/** `for await` over a receiving end, one message or many a step: until the channel is closed, the loop is left, or it closes its handle. */
import { Code } from '../../border/binding.js';
import { ChannelFailedError } from '../../errors/errors.js';
import type { EndState } from '../end-state.js';
import { PendingReceive, type Taking, ask } from './receive-one.js';
import type { WaitOptions } from '../../event-loop/wait-options.js';

/** A pending `next()`. */
class PendingStep extends PendingReceive {
  declare readonly iteration: Iteration<unknown>;

  constructor(wait: number, end: object, state: EndState, taking: Taking, iteration: Iteration<unknown>) {
    super(wait, end, state, taking, iteration.options);
    this.iteration = iteration;
    iteration.pending.add(this);
  }

  protected override get verb(): string {
    return 'for await';
  }

  protected override deliver(value: unknown): void {
    this.resolve({ value, done: false });
  }

  protected override over(): void {
    super.over();
    this.iteration.pending.delete(this);
  }

  protected override abort(reason: unknown): void {
    // The first step that was pending tells why, as the loop's only one does.
    if (this.iteration.isOver) {
      this.cutOff();
      return;
    }
    this.iteration.finish();
    super.abort(reason);
  }

  protected override failed(error: unknown): void {
    this.iteration.finish();
    super.failed(error);
  }

  protected override closed(error: Error): void {
    if (error instanceof ChannelFailedError) this.failed(error);
    else this.cutOff();
  }

  protected override cutOff(): void {
    this.iteration.finish();
    this.resolve({ value: undefined, done: true });
  }
}

export class Iteration<T> implements AsyncIterator<T> {
  /** Its pending steps, in call order. */
  readonly pending = new Set<PendingStep>();
  readonly #end: object;
  readonly #state: EndState;
  readonly #taking: Taking;
  /** Says that the iteration is over; `undefined` once it is. */
  #over: (() => void) | undefined;

  /** `open` is told that the iteration has begun, and answers with what to call when it is over. */
  constructor(
    end: object,
    state: EndState,
    taking: Taking,
    readonly options: WaitOptions,
    open: (iteration: object) => () => void,
  ) {
    this.#end = end;
    this.#state = state;
    this.#taking = taking;
    this.#over = open(this);
  }

  /** Whether no step gives anything any more. */
  get isOver(): boolean {
    return this.#over === undefined;
  }

  next(): Promise<IteratorResult<T>> {
    if (this.isOver || this.#state.spent === 'closed') return this.#done();
    const { signal } = this.options;
    if (signal?.aborted === true) {
      this.finish();
      return Promise.reject(signal.reason);
    }
    try {
      return this.#step();
    } catch (error) {
      this.finish();
      return Promise.reject(this.#state.told('for await', error));
    }
  }

  return(value?: unknown): Promise<IteratorResult<T>> {
    this.finish();
    // A message that was taken for one meanwhile is not lost: its `next()` resolves with it.
    for (const step of this.pending) step.cutShort();
    return Promise.resolve({ value, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** No more steps from here on. */
  finish(): void {
    this.#over?.();
    this.#over = undefined;
  }

  #step(): Promise<IteratorResult<T>> {
    const result = ask(this.#state, this.#taking);
    if (result >= 0 || result === Code.held) return settled(this.#taking.take(result) as T);
    if (result === Code.closed) return this.#closed();
    if (result > Code.pending) throw this.#state.failure('for await', result);
    const wait = new PendingStep(Code.pending - result, this.#end, this.#state, this.#taking, this);
    return wait.begin() as Promise<IteratorResult<T>>;
  }

  #closed(): Promise<IteratorResult<T>> {
    const error = this.#state.closedError('for await');
    if (error instanceof ChannelFailedError) throw error;
    return this.#done();
  }

  #done(): Promise<IteratorResult<T>> {
    this.finish();
    return Promise.resolve({ value: undefined, done: true });
  }
}

function settled<T>(value: T): Promise<IteratorResult<T>> {
  return Promise.resolve({ value, done: false });
}
