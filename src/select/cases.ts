/**
 * The cases of a select: what is asked for, and what the answer is when it takes effect. A new kind of case is
 * one class here and one line in `readCase`.
 */
import { Code, staging } from '../border/binding.js';
import type { Clock } from '../timers/clock.js';
import { End } from '../ends/handle.js';
import type { Taking } from '../ends/receiving/receive-one.js';
import type { BroadcastSender } from '../broadcast/broadcast.js';
import { WatchReceivingEnd } from '../watch/watch-ends.js';
import { ReadingEnd } from '../latest/latest-ends.js';
import type { EndState } from '../ends/end-state.js';
import type { OneRequest } from '../calls/live-request.js';
import { RespondingEnd } from '../calls/responding-end.js';
import { ChannelFailedError } from '../errors/errors.js';
import { refused, wrongType } from '../errors/misuse.js';
import { ReceivingEnd } from '../ends/receiving/receiving-end.js';
import type { Sender } from '../ends/sender.js';
import { SendingEnd } from '../ends/sending/sending-end.js';
import type { WaitOwner } from '../event-loop/wait-owner.js';
import { TimerEnd } from '../timers/timer-end.js';

/** What a select answers, whatever its cases are. */
export interface AnySelected {
  readonly key: string | undefined;
  readonly closed?: boolean;
  readonly value?: unknown;
  readonly error?: unknown;
}

/** A case of any kind. */
export type SelectCase = NativeCase | TimerCase;

/** A case that the native side does. */
export abstract class NativeCase {
  /** By which native code knows it: its place among the native cases. */
  index = 0;

  /** `end`: the handle, which is not to be garbage-collected while the select waits. */
  constructor(
    readonly key: string,
    readonly end: object,
    readonly owner: EndState,
  ) {
    owner.mustBeLive('select');
  }

  /** The bytes that it sends, for cases that do; nothing of the caller's changes them later on. */
  abstract encode(): Uint8Array | undefined;
  /** The answer of a closed receiver, which says if it failed. */
  protected closed(): AnySelected {
    const error = this.owner.closedError('select');
    return { key: this.key, closed: true, ...(error instanceof ChannelFailedError ? { error } : {}) };
  }

  /** The answer: `result` and `length` are what native code left in `outcome`. */
  abstract chosen(result: number, length: number): AnySelected;
}

class ReceiveCase extends NativeCase {
  constructor(
    key: string,
    end: object,
    state: EndState,
    private readonly taking: Taking,
  ) {
    super(key, end, state);
  }

  encode(): undefined {
    return undefined;
  }

  chosen(result: number, length: number): AnySelected {
    if (result === Code.closed) return this.closed();
    return { key: this.key, closed: false, value: this.taking.takeSettled(result, length) };
  }
}

class SendCase extends NativeCase {
  constructor(
    key: string,
    end: object,
    state: EndState,
    private readonly value: unknown,
  ) {
    super(key, end, state);
  }

  encode(): Uint8Array {
    const encoded = this.owner.traits.codec.encode(this.value);
    return typeof encoded === 'number' ? staging.slice(0, encoded) : new Uint8Array(encoded);
  }

  chosen(result: number): AnySelected {
    return { key: this.key, closed: result === Code.closed };
  }
}

/** A request of an `rpc`. */
class RequestCase extends NativeCase {
  constructor(
    key: string,
    end: object,
    state: EndState,
    private readonly taking: OneRequest,
  ) {
    super(key, end, state);
  }

  encode(): undefined {
    return undefined;
  }

  chosen(result: number, length: number): AnySelected {
    if (result === Code.closed) return { key: this.key, closed: true };
    return { key: this.key, closed: false, value: this.taking.takeSettled(result, length) };
  }
}

/** A triple buffer's output: chosen, it is updated, and its `buffer` has the value. */
class UpdateCase extends NativeCase {
  constructor(
    key: string,
    private readonly output: ReadingEnd<unknown>,
    state: EndState,
  ) {
    super(key, output, state);
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

/** A watch's receiver: chosen, it has got the value, which its `get` gives. */
class WatchCase extends NativeCase {
  constructor(
    key: string,
    private readonly receiver: WatchReceivingEnd<unknown>,
    state: EndState,
  ) {
    super(key, receiver, state);
  }

  encode(): undefined {
    return undefined;
  }

  chosen(result: number): AnySelected {
    if (result === Code.closed) return this.closed();
    this.receiver.get();
    return { key: this.key, closed: false };
  }
}

/** A timer, which is of this thread. */
export class TimerCase {
  readonly owner: WaitOwner;

  constructor(
    readonly key: string,
    readonly clock: Clock,
  ) {
    clock.mustBeLive('select');
    this.owner = clock;
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
  readonly sender: Sender<T> | BroadcastSender<T>;
  /** What it sends. */
  readonly value: T;
}

class SendingCase<T> implements Sending<T> {
  readonly #state: EndState;

  constructor(
    readonly sender: Sender<T> | BroadcastSender<T>,
    readonly value: T,
    state: EndState,
  ) {
    this.#state = state;
  }

  /** The state of its sender, `undefined` for anything else. */
  static stateOf(value: unknown): EndState | undefined {
    return typeof value === 'object' && value !== null && #state in value ? value.#state : undefined;
  }
}

/**
 * A send as a case of `select`. The value is encoded once, when `select` is called.
 *
 * Throws a `TypeError` for anything but a sender.
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
export function sending<T>(sender: Sender<T> | BroadcastSender<T>, value: T): Sending<T> {
  const state = sender instanceof SendingEnd ? End.stateOf(sender) : undefined;
  if (state === undefined) throw wrongType('sender', 'a Sender', sender);
  return Object.freeze(new SendingCase(sender, value, state));
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
  const receiving = ReceivingEnd.takingOf(value);
  if (receiving !== undefined) {
    return new ReceiveCase(key, value as object, End.stateOf(value) as EndState, receiving);
  }
  const taking = RespondingEnd.takingOf(value);
  if (taking !== undefined) {
    return new RequestCase(key, value as object, End.stateOf(value) as EndState, taking);
  }
  const state = SendingCase.stateOf(value);
  if (state !== undefined) {
    const { sender, value: sent } = value as Sending<unknown>;
    return new SendCase(key, sender, state, sent);
  }
  if (value instanceof ReadingEnd) return new UpdateCase(key, value, End.stateOf(value) as EndState);
  if (value instanceof WatchReceivingEnd) return new WatchCase(key, value, End.stateOf(value) as EndState);
  throw wrongType(
    `cases.${key}`,
    'a receiver, a Responder, an Output, a WatchReceiver or sending(sender, value)',
    value,
  );
}

function isEnd(value: object): boolean {
  return End.stateOf(value) !== undefined || TimerEnd.clockOf(value) !== undefined;
}
