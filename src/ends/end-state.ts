/**
 * What a handle of a channel holds in this thread: its native number, its pending waits, and, once it is
 * spent, what its properties go on answering.
 */
import {
  Code,
  Flavor,
  Look,
  binding,
  flavorNames,
  outcome,
  ownStatNames,
  statNames,
} from '../border/binding.js';
import type { WireCodec } from '../codecs/codec.js';
import { mayClose } from '../observe/diagnostics.js';
import { inCall, known } from '../errors/call.js';
import { type ChannelClosedError, ChannelFailedError, ChannelStateError } from '../errors/errors.js';
import { failure, ofChannel, spent } from '../border/native-errors.js';
import { type CloseReason, closeReasonOf, closedError } from './close-reason.js';
import type { Stats } from './stats.js';
import { WaitOwner } from '../event-loop/wait-owner.js';
import { followThreadEnd } from '../border/thread-end.js';
import { unwatchGrowth, watchGrowth } from '../observe/growth.js';
import { remember } from '../observe/trace.js';

/** What is the same for all ends of a channel, and travels with it. */
export interface Traits {
  readonly codec: WireCodec;
  /** Of `rpc` alone: the codec of answers. `codec` is that of requests. */
  readonly response?: WireCodec;
  readonly ownBuffers: boolean;
  /** Microseconds of polling, or -1 for adaptive. */
  readonly poll: number;
  /** Whether its `overflow` policy drops messages. */
  readonly drops: boolean;
  /** Its messages carry the context of their senders, which `codec` writes. */
  readonly context?: true;
  /** Its messages are leased. */
  readonly leases?: true;
  /** Nothing bounds what it holds. */
  readonly grows?: true;
}

/** A batch whose block has messages in it, which go before any other send of the handle. */
export interface OpenBatch {
  /** Sends the open block if there is room; true when none is left. The batch says whether it was accepted or lost. */
  tryGo(): boolean;
  /** Sends the open block, as a pending send where there is no room. Throws where it cannot wait. */
  go(): void;
  /** As `go`, for the last time: what cannot wait is lost. */
  leave(): void;
}

/** The last look at a channel: its figures, as numbers until somebody asks for them. */
interface LastLook {
  readonly why: 'closed' | 'transferred';
  readonly label: string | undefined;
  /** In the order of `statNames`, then of `ownStatNames`. */
  readonly figures: readonly number[];
  readonly closeReason: CloseReason | undefined;
}

/** A ref of the handle that is neither sent nor disposed. */
export interface LiveRef {
  /** The handle was closed. */
  handleClosed(): void;
}

// Before there is an end that could go with it.
followThreadEnd();

export class EndState extends WaitOwner {
  /** Made with the first of them: most handles have none. */
  #refs: Set<LiveRef> | undefined;
  /** The one batch of the handle whose block is open. */
  batch: OpenBatch | undefined;
  #last: LastLook | undefined;

  constructor(
    readonly handle: number,
    readonly traits: Traits,
  ) {
    super();
    remember(handle);
    if (traits.grows === true) watchGrowth(this);
  }

  /** Why the handle is spent, if it is. */
  get spent(): 'closed' | 'transferred' | undefined {
    return this.#last?.why;
  }

  get length(): number {
    return this.#last?.figures[ownLengthAt] ?? binding.look(this.handle, Look.length);
  }

  get capacity(): number {
    return this.#last?.figures[capacityAt] ?? binding.look(this.handle, Look.capacity);
  }

  get isEmpty(): boolean {
    return (this.#last?.figures[isEmptyAt] ?? binding.look(this.handle, Look.isEmpty)) === 1;
  }

  get isFull(): boolean {
    return (this.#last?.figures[isFullAt] ?? binding.look(this.handle, Look.isFull)) === 1;
  }

  /** Messages that this end has lost so far: dropped by a sender, skipped by a receiver. */
  get lost(): number {
    return this.#last?.figures[lostAt] ?? binding.look(this.handle, Look.lost);
  }

  get isClosed(): boolean {
    return this.#last !== undefined || binding.look(this.handle, Look.isClosed) === 1;
  }

  /** Why it is closed. It stays what it was. */
  get closeReason(): CloseReason | undefined {
    return this.#last === undefined ? closeReasonOf(this.handle) : this.#last.closeReason;
  }

  stats(): Stats {
    const { label, figures } = this.#last ?? readFigures(this.handle);
    return nameStats(label, figures);
  }

  /** Has an open block go before another send; false when there is no room for it. */
  goesFirst(): boolean {
    return this.batch === undefined || this.batch.tryGo();
  }

  get refs(): Set<LiveRef> {
    return (this.#refs ??= new Set());
  }

  /** Whether a ref of it is neither sent nor disposed. */
  get hasRefs(): boolean {
    return this.#refs !== undefined && this.#refs.size > 0;
  }

  /** The error for any native answer to a verb of the handle that is neither a result nor "nothing". `value` is what was to be sent. */
  failure(verb: string, code: number, value?: unknown): Error {
    return this.#failure(verb, code, value, true);
  }

  /** As `failure`, where it is not known which verb has led there: the verb says so, by `told`. */
  failed(code: number, value?: unknown): Error {
    return this.#failure('', code, value, false);
  }

  #failure(verb: string, code: number, value: unknown, isNamed: boolean): Error {
    const error = this.#makeFailure(verb, code, value);
    // No verb that sends is called by another's name. An error's frames keep the functions that it was made in: none
    // that keeps the value.
    if (isNamed && value !== undefined) return error;
    return known(error, isNamed, (call) => this.#makeFailure(call.verb, code, value));
  }

  #makeFailure(verb: string, code: number, value: unknown): Error {
    if (code === Code.closed) return this.closedError(verb);
    const needsLabel = code === Code.spent || code === Code.stuck;
    return failure(code, value, { verb, label: needsLabel ? this.#label : undefined });
  }

  /** What `verb` of the handle throws in place of `error`, which may not know of which verb it is. */
  told(verb: string, error: unknown): unknown {
    return inCall(error, verb, () => this.#label);
  }

  /** Does `verb` of the handle, whose errors name it; `renames`: even those of verbs that it is made of. */
  named<R>(verb: string, does: () => R, renames = false): R {
    try {
      return does();
    } catch (error) {
      throw inCall(error, verb, () => this.#label, renames);
    }
  }

  /** The error for a native answer to a verb that its side is closed. */
  closedError(verb: string): ChannelClosedError | ChannelFailedError {
    return closedError(this.handle, verb, this.#label);
  }

  /** Throws where its side is closed because the channel failed. */
  mustNotHaveFailed(verb: string): void {
    if (!this.isClosed) return;
    const error = this.closedError(verb);
    if (error instanceof ChannelFailedError) throw error;
  }

  /** Of its channel. */
  get #label(): string | undefined {
    return this.#last === undefined ? binding.stats(this.handle) : this.#last.label;
  }

  /** Throws unless the handle can be used by `verb`. */
  mustBeLive(verb: string): void {
    if (this.#last === undefined) return;
    const handle = `${verb}: this handle${ofChannel(this.#label)}`;
    throw new ChannelStateError(`${handle} is spent: it was ${this.#last.why}`);
  }

  /** Gives the end up. */
  close(): void {
    if (this.#last !== undefined) return;
    this.batch?.leave();
    const last = this.look('closed');
    this.cutShort();
    this.retire(last);
    if (this.#refs !== undefined) for (const ref of this.#refs) ref.handleClosed();
    mayClose(() => binding.close(this.handle));
  }

  /** What the properties answer once `retire` was given it. */
  look(why: LastLook['why']): LastLook {
    const { label, figures } = readFigures(this.handle);
    return { why, label, figures, closeReason: this.closeReason };
  }

  /** From here on the handle is spent. */
  retire(last: LastLook): void {
    this.#last = last;
    if (this.traits.grows === true) unwatchGrowth(this);
  }
}

const capacityAt = statNames.indexOf('capacity');
const ownAt = (name: (typeof ownStatNames)[number]): number => statNames.length + ownStatNames.indexOf(name);
const isEmptyAt = ownAt('isEmpty');
const isFullAt = ownAt('isFull');
const lostAt = ownAt('lost');
const ownLengthAt = ownAt('length');

function readFigures(handle: number): { label: string | undefined; figures: number[] } {
  const label = binding.stats(handle);
  if (outcome[0] === -1) throw spent();
  const figures: number[] = [];
  for (let at = 0; at < statNames.length + ownStatNames.length; at += 1) figures.push(outcome[at] as number);
  return { label, figures };
}

/** Figures in the order of `statNames`, by name. */
export function nameStats(label: string | undefined, figuresInOrder: ArrayLike<number>): Stats {
  const named = statNames.map((name, index) => [name, figuresInOrder[index]]);
  const { flavor, inFlight, leased, oldest, waitP50, waitP99, waits, waitTotal, ...figures } =
    Object.fromEntries(named) as Record<(typeof statNames)[number], number>;
  return {
    flavor: flavorNames[flavor] as Stats['flavor'],
    ...(label === undefined ? {} : { label }),
    ...figures,
    ...(flavor === Flavor.rpc ? { inFlight } : {}),
    ...(oldest < 0 ? {} : { oldest, waited: { p50: waitP50, p99: waitP99, count: waits, total: waitTotal } }),
    ...(leased < 0 ? {} : { leased }),
  };
}
