/** `for await` over a receiving end, one message or many a step: until the channel is closed, the loop is left, or it closes its handle. */
import { Code } from './binding.js';
import { failure } from './failure.js';
import type { Lease } from './lease.js';
import { AwaitedMessage, type Taking, ask } from './receive.js';
import { endless } from './wait.js';

/** A pending `next()`. */
class AwaitedStep extends AwaitedMessage {
  constructor(
    wait: number,
    end: object,
    lease: Lease,
    taking: Taking,
    readonly iteration: Iteration<unknown>,
  ) {
    super(wait, end, lease, taking, endless);
  }

  protected override deliver(value: unknown): void {
    this.resolve({ value, done: false });
  }

  protected override failed(error: unknown): void {
    this.iteration.finish();
    super.failed(error);
  }

  protected override channelClosed(): void {
    this.cutOff();
  }

  protected override cutOff(): void {
    this.iteration.finish();
    this.resolve({ value: undefined, done: true });
  }
}

export class Iteration<T> implements AsyncIterator<T> {
  readonly #end: object;
  readonly #lease: Lease;
  readonly #taking: Taking;
  /** Says that the iteration is over; `undefined` once it is. */
  #over: (() => void) | undefined;

  /** `open` is told that the iteration has begun, and answers with what to call when it is over. */
  constructor(end: object, lease: Lease, taking: Taking, open: (iteration: object) => () => void) {
    this.#end = end;
    this.#lease = lease;
    this.#taking = taking;
    this.#over = open(this);
  }

  next(): Promise<IteratorResult<T>> {
    if (this.#over === undefined || this.#lease.spent === 'closed') return this.#done();
    try {
      return this.#step();
    } catch (error) {
      this.finish();
      return Promise.reject(error);
    }
  }

  return(value?: unknown): Promise<IteratorResult<T>> {
    this.finish();
    for (const awaited of this.#lease.waits) {
      // A message that was taken for it meanwhile is not lost: its `next()` resolves with it.
      if (awaited instanceof AwaitedStep && awaited.iteration === this) awaited.cutShort();
    }
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
    const result = ask(this.#lease, this.#taking);
    if (result >= 0 || result === Code.held) return settled(this.#taking.take(result) as T);
    if (result === Code.closed) return this.#done();
    if (result > Code.pending) throw failure(result);
    const wait = new AwaitedStep(Code.pending - result, this.#end, this.#lease, this.#taking, this);
    return wait.begin() as Promise<IteratorResult<T>>;
  }

  #done(): Promise<IteratorResult<T>> {
    this.finish();
    return Promise.resolve({ value: undefined, done: true });
  }
}

function settled<T>(value: T): Promise<IteratorResult<T>> {
  return Promise.resolve({ value, done: false });
}
