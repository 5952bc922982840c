/** An awaited receive: what is there is answered at once, else the wait keeps its place. */
import { Awaited } from './awaited.js';
import { Code, binding, outcome } from './binding.js';
import { failure } from './failure.js';
import type { Intake } from './intake.js';
import type { Lease } from './lease.js';
import { countReady, hasBudget } from './turns.js';
import type { Patience } from './wait.js';

/** A pending `recv`. */
export class AwaitedMessage extends Awaited {
  constructor(
    id: number,
    end: object,
    lease: Lease,
    private readonly intake: Intake,
    patience: Patience,
  ) {
    super(id, end, lease, patience);
  }

  protected answer(result: number, length: number): void {
    try {
      const held = result === Code.held;
      this.deliver(held ? this.intake.takeHeld(length) : this.intake.takeSettled(result));
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
    return undefined;
  }
}

/**
 * Asks for the next message. An answer >= 0 or `held` is a message that was there, which counts as one of
 * this turn's; `pending` or below is a wait. An earlier receive of the same handle is not overtaken, and once
 * the turn's budget is spent all come as settled waits, in a later turn.
 */
export function ask(lease: Lease, intake: Intake): number {
  intake.ready();
  const inLine = lease.waits.size > 0 || !hasBudget();
  const result = binding.recv(lease.handle, intake.memory, intake.offset, inLine);
  if (result >= 0 || result === Code.held) countReady();
  return result;
}

/** `recv` of `end`. */
export function receive(end: object, lease: Lease, intake: Intake, patience: Patience): Promise<unknown> {
  if (patience.signal?.aborted === true) return Promise.reject(patience.signal.reason);
  const result = ask(lease, intake);
  if (result >= 0) return Promise.resolve(intake.take(result));
  if (result === Code.held) return Promise.resolve(intake.takeHeld(outcome[0] as number));
  if (result > Code.pending) throw failure(result);
  return new AwaitedMessage(Code.pending - result, end, lease, intake, patience).begin();
}
