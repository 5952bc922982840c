/**
 * The cases of a select: what is asked for, and what the answer is when it takes effect. A new kind of case is
 * one class here and one line in `readCase`.
 */
import { Code, staging } from './binding.js';
import type { Clock } from './clock.js';
import { End } from './handle.js';
import type { Intake } from './intake.js';
import { ReadingEnd } from './latest-ends.js';
import type { Lease } from './lease.js';
import { refused, wrongType } from './misuse.js';
import { ReceivingEnd } from './receiving-end.js';
import type { Sender } from './sender.js';
import { SendingEnd } from './sending-end.js';
import type { Tether } from './tether.js';
import { TimerEnd } from './timer-end.js';

/** What a select answers, whatever its cases are. */
export interface AnySelected {
  readonly key: string | undefined;
  readonly closed?: boolean;
  readonly value?: unknown;
}

/** A case of any kind. */
export type SelectCase = NativeCase | TimerCase;

/** A case that the native side does. */
export abstract class NativeCase {
  /** `end`: the handle, which is not to be garbage-collected while the select waits. */
  constructor(
    readonly key: string,
    readonly end: object,
    readonly tether: Lease,
  ) {
    tether.mustBeLive();
  }

  /** The bytes that it sends, for cases that do; nothing of the caller's changes them later on. */
  abstract encode(): Uint8Array | undefined;
  /** The answer: `result` and `length` are what native code left in `outcome`. */
  abstract chosen(result: number, length: number): AnySelected;
}

class ReceiveCase extends NativeCase {
  constructor(
    key: string,
    end: object,
    lease: Lease,
    private readonly intake: Intake,
  ) {
    super(key, end, lease);
  }

  encode(): undefined {
    return undefined;
  }

  chosen(result: number, length: number): AnySelected {
    const { key, intake } = this;
    if (result === Code.closed) return { key, closed: true };
    const value = result === Code.held ? intake.takeHeld(length) : intake.takeSettled(result);
    return { key, closed: false, value };
  }
}

class SendCase extends NativeCase {
  constructor(
    key: string,
    end: object,
    lease: Lease,
    private readonly value: unknown,
  ) {
    super(key, end, lease);
  }

  encode(): Uint8Array {
    const laid = this.tether.traits.codec.lay(this.value);
    return typeof laid === 'number' ? staging.slice(0, laid) : new Uint8Array(laid);
  }

  chosen(result: number): AnySelected {
    return { key: this.key, closed: result === Code.closed };
  }
}

/** A triple buffer's output: chosen, it is updated, and its `buffer` has the value. */
class UpdateCase extends NativeCase {
  constructor(
    key: string,
    private readonly output: ReadingEnd<unknown>,
    lease: Lease,
  ) {
    super(key, output, lease);
  }

  encode(): undefined {
    return undefined;
  }

  chosen(result: number): AnySelected {
    if (result === Code.closed) return { key: this.key, closed: true };
    this.output.update();
    return { key: this.key, closed: false };
  }
}

/** A timer, which is of this thread. */
export class TimerCase {
  readonly tether: Tether;

  constructor(
    readonly key: string,
    readonly clock: Clock,
  ) {
    clock.mustBeLive();
    this.tether = clock;
  }

  /** Whether it can take effect now. */
  get isReady(): boolean {
    return this.clock.over !== undefined || this.clock.isDue;
  }

  /** The answer, when it is ready. */
  take(): AnySelected {
    return this.chosen(this.clock.take());
  }

  chosen(value: number | undefined): AnySelected {
    return value === undefined ? { key: this.key, closed: true } : { key: this.key, closed: false, value };
  }
}

/**
 * A send as a case of `select`, made by `sending`.
 *
 * @example
 * ```ts
 * import { bounded, type Sending, sending, trySelect } from 'millrace';
 *
 * const [tx, rx] = bounded(1, { codec: 'text' });
 * const out: Sending<string> = sending<string>(tx, 'hello');
 * console.log(trySelect({ out }).key, rx.tryRecv(), out.value); // out hello hello
 * tx.close();
 * rx.close();
 * ```
 */
export interface Sending<T> {
  /** The end that sends. */
  readonly sender: Sender<T>;
  /** What it sends. */
  readonly value: T;
}

class SendingCase<T> implements Sending<T> {
  readonly #lease: Lease;

  constructor(
    readonly sender: Sender<T>,
    readonly value: T,
    lease: Lease,
  ) {
    this.#lease = lease;
  }

  /** The lease of its sender, `undefined` for anything else. */
  static leaseOf(value: unknown): Lease | undefined {
    return typeof value === 'object' && value !== null && #lease in value ? value.#lease : undefined;
  }
}

/**
 * A send as a case of `select`. The value is encoded once, when `select` is called.
 *
 * Throws a `TypeError` for what is not a sender.
 *
 * @example
 * ```ts
 * import { bounded, select, sending } from 'millrace';
 *
 * const [tx, rx] = bounded(1, { codec: 'text' });
 * const [, quit] = bounded(1);
 * const op = await select({ quit, out: sending(tx, 'hello') }, { biased: true });
 * console.log(op.key, rx.tryRecv()); // out hello
 * for (const end of [tx, rx, quit]) end.close();
 * ```
 */
export function sending<T>(sender: Sender<T>, value: T): Sending<T> {
  const lease = sender instanceof SendingEnd ? End.leaseOf(sender) : undefined;
  if (lease === undefined) throw wrongType('sender', 'a Sender', sender);
  return Object.freeze(new SendingCase(sender, value, lease));
}

/** The cases of a select, in key order. */
export function readCases(cases: unknown): SelectCase[] {
  if (typeof cases !== 'object' || cases === null || isEnd(cases)) {
    throw wrongType('cases', 'an object of receivers and sending(sender, value)', cases);
  }
  const read = Object.entries(cases).map(([key, value]) => readCase(key, value));
  if (read.length === 0) throw refused('The "cases" argument must have at least one case. Received none');
  return read;
}

function readCase(key: string, value: unknown): SelectCase {
  const clock = TimerEnd.clockOf(value);
  if (clock !== undefined) return new TimerCase(key, clock);
  const intake = ReceivingEnd.intakeOf(value);
  if (intake !== undefined) {
    return new ReceiveCase(key, value as object, End.leaseOf(value) as Lease, intake);
  }
  const lease = SendingCase.leaseOf(value);
  if (lease !== undefined) {
    const { sender, value: sent } = value as Sending<unknown>;
    return new SendCase(key, sender, lease, sent);
  }
  if (value instanceof ReadingEnd) return new UpdateCase(key, value, End.leaseOf(value) as Lease);
  throw wrongType(`cases.${key}`, 'a receiver, an Output or sending(sender, value)', value);
}

function isEnd(value: object): boolean {
  return End.leaseOf(value) !== undefined || TimerEnd.clockOf(value) !== undefined;
}
