/** An awaited receive: what is there is answered at once, else the wait keeps its place. */
import { HandleAwaited } from './awaited.js';
import { Code, binding, outcome } from './binding.js';
import { failure } from './failure.js';
import type { Intake } from './intake.js';
import type { Lease } from './lease.js';
import { countReady, hasBudget } from './turns.js';
import type { Patience } from './wait.js';

/** What a receive takes: one message, or as many as are there. */
export interface Taking {
  /** Asks for it: >= 0 or `held` when it is there, `pending` or below for a wait. `inLine`: a wait in any case. */
  ask(inLine: boolean): number;
  /** What was there; `answer` is the one of `ask`, of which nothing else has come between. */
  take(answer: number): unknown;
  /** What a settled wait was given, and takes besides. */
  takeSettled(result: number, length: number): unknown;
  /** What the verb answers when its time has run out. */
  nothing(): unknown;
}

/** One message. */
export class OneMessage implements Taking {
  constructor(
    private readonly lease: Lease,
    private readonly intake: Intake,
  ) {}

  ask(inLine: boolean): number {
    const { intake } = this;
    intake.ready();
    return binding.recv(this.lease.handle, intake.memory, intake.offset, inLine);
  }

  take(answer: number): unknown {
    return answer >= 0 ? this.intake.take(answer) : this.intake.takeHeld(outcome[0] as number);
  }

  takeSettled(result: number, length: number): unknown {
    return result === Code.held ? this.intake.takeHeld(length) : this.intake.takeSettled(result);
  }

  nothing(): unknown {
    return undefined;
  }
}

/** A pending receive. */
export class AwaitedMessage extends HandleAwaited {
  constructor(
    wait: number,
    end: object,
    lease: Lease,
    private readonly taking: Taking,
    patience: Patience,
  ) {
    super(wait, end, lease, patience);
  }

  protected answer(result: number, length: number): void {
    try {
      this.deliver(this.taking.takeSettled(result, length));
    } catch (error) {
      this.failed(error);
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
export function ask(lease: Lease, taking: Taking): number {
  const result = taking.ask(lease.waits.size > 0 || !hasBudget());
  if (result >= 0 || result === Code.held) countReady();
  return result;
}

/** An awaited receive of `end`. */
export function receive(end: object, lease: Lease, taking: Taking, patience: Patience): Promise<unknown> {
  if (patience.signal?.aborted === true) return Promise.reject(patience.signal.reason);
  const result = ask(lease, taking);
  if (result >= 0 || result === Code.held) return Promise.resolve(taking.take(result));
  if (result > Code.pending) throw failure(result);
  return new AwaitedMessage(Code.pending - result, end, lease, taking, patience).begin();
}
