/** An awaited receive: what is there is answered at once, else the wait keeps its place. */
import type { AsyncResource } from 'node:async_hooks';

import { contextFor, runIn } from '../../event-loop/call-context.js';
import { HandleWait } from '../../event-loop/pending-wait.js';
import { Code, binding, outcome } from '../../border/binding.js';
import type { ReceiveMemory } from './receive-memory.js';
import type { EndState } from '../end-state.js';
import { countReady, hasBudget } from '../../event-loop/turns.js';
import type { WaitOptions } from '../../event-loop/wait-options.js';

/** What a receive takes: one message, or as many as are there. */
export interface Taking {
  /** The verb that takes so, for its errors. */
  readonly verb: string;
  /** Asks for it: >= 0 or `held` when it is there, `pending` or below for a wait. `inLine`: a wait in any case. */
  ask(inLine: boolean): number;
  /** What was there; `answer` is what `ask` has just answered. */
  take(answer: number): unknown;
  /** What a settled wait was given, and takes besides. */
  takeSettled(result: number, length: number): unknown;
  /** What the verb answers when its time has run out. */
  nothing(): unknown;
}

/** One message. */
export class OneMessage implements Taking {
  constructor(
    private readonly state: EndState,
    private readonly buffers: ReceiveMemory,
  ) {}

  get verb(): string {
    return 'recv';
  }

  ask(inLine: boolean): number {
    const { buffers } = this;
    buffers.ready();
    return binding.recv(this.state.handle, buffers.memory, buffers.offset, inLine);
  }

  take(answer: number): unknown {
    return answer >= 0 ? this.buffers.take(answer) : this.buffers.takeHeld(outcome[0] as number);
  }

  takeSettled(result: number, length: number): unknown {
    return result === Code.held ? this.buffers.takeHeld(length) : this.buffers.takeSettled(result);
  }

  nothing(): unknown {
    return undefined;
  }
}

/** A pending receive. */
export class PendingReceive extends HandleWait {
  declare private readonly taking: Taking;
  /** Of the call, where its message is decoded. */
  declare private readonly context: AsyncResource | undefined;

  constructor(wait: number, end: object, state: EndState, taking: Taking, options: WaitOptions) {
    super(wait, end, state, options);
    this.taking = taking;
    this.context = contextFor(state.traits.codec);
  }

  protected get verb(): string {
    return this.taking.verb;
  }

  protected answer(result: number, length: number): void {
    try {
      const context = this.context;
      if (context === undefined) this.deliver(this.taking.takeSettled(result, length));
      else this.deliver(runIn(context, () => this.taking.takeSettled(result, length)));
    } catch (error) {
      this.failed(this.owner.told(this.verb, error));
    }
  }

  protected deliver(value: unknown): void {
    this.resolve(value);
  }

  protected failed(error: unknown): void {
    this.reject(error);
  }

  protected nothing(): unknown {
    return this.taking.nothing();
  }
}

/**
 * Asks for what is there, which counts as one of this turn's results. An earlier receive of the same handle is
 * not overtaken, and once the turn's budget is spent all come as settled waits, in a later turn.
 */
export function ask(state: EndState, taking: Taking): number {
  const result = taking.ask(state.waits.size > 0 || !hasBudget());
  if (result >= 0 || result === Code.held) countReady();
  return result;
}

/** An awaited receive of `end`. */
export function receive(
  end: object,
  state: EndState,
  taking: Taking,
  options: WaitOptions,
): Promise<unknown> {
  if (options.signal?.aborted === true) return Promise.reject(options.signal.reason);
  const result = ask(state, taking);
  if (result >= 0 || result === Code.held) return Promise.resolve(taking.take(result));
  if (result > Code.pending) throw state.failure(taking.verb, result);
  return new PendingReceive(Code.pending - result, end, state, taking, options).begin();
}
