/**
 * Serving: requests are taken while fewer handlers than wanted are under way. A handler that answers at once is
 * answered for at once, so a run of requests takes no promise.
 */
import { AsyncResource } from 'node:async_hooks';

import { Code } from '../border/binding.js';
import type { EndState } from '../ends/end-state.js';
import { ask } from '../ends/receiving/receive-one.js';
import { RequestScope } from '../context/request-scope.js';
import { HandleWait } from '../event-loop/pending-wait.js';
import { endless } from '../event-loop/wait-options.js';
import { unwatchRequest, watchRequest } from './answers.js';
import { type OneRequest, failTo, replyTo } from './live-request.js';
import type { CallContext } from './responder.js';

export type Handler = (value: never, context: CallContext) => unknown;

/** What a handler is told of its call. */
class LiveContext implements CallContext {
  #signal: AbortSignal | undefined;

  constructor(readonly request: number) {
    Object.defineProperty(this, 'request', { enumerable: false });
  }

  get signal(): AbortSignal {
    return (this.#signal ??= watchRequest(this.request));
  }
}

/** The wait for the next request. */
class PendingRequest extends HandleWait {
  constructor(
    wait: number,
    end: object,
    state: EndState,
    private readonly serving: Serving,
  ) {
    super(wait, end, state, endless);
  }

  protected get verb(): string {
    return 'serve';
  }

  protected answer(result: number, length: number): void {
    this.serving.resume(() => this.serving.handed(result, length));
  }

  protected override closed(): void {
    this.cutOff();
  }

  protected override cutOff(): void {
    this.serving.resume(() => this.serving.stop());
  }

  protected nothing(): undefined {
    return undefined;
  }
}

export class Serving {
  readonly done: Promise<void>;
  /** Handlers run in the async context of the call of `serve`. */
  readonly #context = new AsyncResource('millrace.serve');
  #resolve!: () => void;
  #reject!: (error: unknown) => void;
  #underWay = 0;
  #isWaiting = false;
  #isOver = false;

  /** Calls `over` when it has stopped taking. */
  constructor(
    private readonly end: object,
    private readonly state: EndState,
    private readonly taking: OneRequest,
    private readonly handler: Handler,
    private readonly concurrency: number,
    private readonly over: () => void,
  ) {
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Goes on in the async context of the call of `serve`. */
  resume(step: () => void): void {
    this.#isWaiting = false;
    this.#context.runInAsyncScope(step);
  }

  /** Takes requests until as many as wanted are under way, or there are none. */
  pump(): void {
    while (!this.#isWaiting && !this.#isOver && this.#underWay < this.concurrency) {
      const result = ask(this.state, this.taking);
      if (result >= 0 || result === Code.held) this.#serve(() => this.taking.value(result));
      else if (result <= Code.pending) this.#wait(Code.pending - result);
      else if (result === Code.closed || this.state.spent === 'closed') this.stop();
      else this.#break(this.state.failure('serve', result));
    }
  }

  /** The wait was handed a request. */
  handed(result: number, length: number): void {
    this.#serve(() => this.taking.settledValue(result, length));
    this.pump();
  }

  /** Stops taking; it is over when what was taken is answered. */
  stop(): void {
    if (!this.#isOver) this.over();
    this.#isOver = true;
    if (this.#underWay === 0) this.#resolve();
  }

  #break(error: unknown): void {
    this.stop();
    this.#reject(error);
  }

  #wait(wait: number): void {
    this.#isWaiting = true;
    // Nobody awaits its promise: it never settles.
    void new PendingRequest(wait, this.end, this.state, this).begin();
  }

  #serve(read: () => unknown): void {
    const scope = this.state.traits.context === true ? new RequestScope() : undefined;
    let value: unknown;
    try {
      value = scope === undefined ? read() : scope.read(read);
    } catch {
      // It was answered with the error.
      return;
    }
    const { name } = this.taking;
    let answer: unknown;
    try {
      const context = new LiveContext(name);
      answer =
        scope === undefined
          ? this.handler(value as never, context)
          : scope.handle(this.state, () => this.handler(value as never, context));
    } catch (error) {
      failTo(name, error);
      return;
    }
    if (!isThenable(answer)) {
      this.#reply(name, answer);
      return;
    }
    this.#underWay += 1;
    this.state.owe(1);
    Promise.resolve(answer).then(
      (value) => this.#answered(() => this.#reply(name, value)),
      (error) => this.#answered(() => failTo(name, error)),
    );
  }

  #answered(answer: () => void): void {
    answer();
    this.#underWay -= 1;
    this.state.owe(-1);
    if (this.#isOver) this.stop();
    else this.pump();
  }

  #reply(name: number, value: unknown): void {
    try {
      replyTo(name, this.state, value);
    } catch (error) {
      failTo(name, error);
    }
    unwatchRequest(name);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  );
}
