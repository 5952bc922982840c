/**
 * How a batch does it. batch.ts says what it promises.
 *
 * ```text
 *   trySend, send, sendSync --> open block --goes--> channel        full, and no room: trySend false,
 *                                  |  no room                       sendSync blocks, send waits behind it
 *                                  '-- end of turn, flush, close, --> pending block, in its place
 *                                      before other sends             among the sender's pending sends
 * ```
 * A sender has one open block at a time: a write to another batch, or any other send, has it go first.
 */
import { Block } from './block.js';
import { Flushing, PendingBlock } from './waits.js';
import { type BatchWriter, readBatchOptions } from './batch.js';
import { longestTimer } from '../event-loop/time-limit.js';
import { clearTimeout, setImmediate, setTimeout } from '../event-loop/runtime.js';
import { Code, Look, binding, longestCopied, outcome } from '../border/binding.js';
import { lengthOf } from '../border/bytes.js';
import { shownAsJson } from '../codecs/handles.js';
import { mayDrop } from '../observe/diagnostics.js';
import { done } from '../event-loop/done.js';
import { stateError } from '../border/native-errors.js';
import type { EndState, OpenBatch } from '../ends/end-state.js';
import { noMemory } from '../errors/misuse.js';
import { type Encoded, sendOne, sendOneSync, trySendOne } from '../ends/sending/send-one.js';
import type {
  AnySyncWait,
  AnyWait,
  SyncWait,
  TimedSyncWait,
  TimedWait,
  Wait,
} from '../event-loop/wait-options.js';
import { readSyncWait, readWait } from '../event-loop/wait-options.js';

/** The most messages of a block. */
const mostMessages = 65_536;

export class Writer<in T> implements BatchWriter<T>, OpenBatch {
  readonly #state: EndState;
  readonly #block: Block;
  readonly #delay: number | undefined;
  /** The longest message that goes into a block. */
  readonly #longest: number;
  /** The longest message that the channel takes. */
  readonly #maxBytes: number;
  /** 1 where that is its slots' length. */
  readonly #ofSlots: number;
  /** When the block goes by itself. */
  #turn: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** They settle in the order in which they went. */
  readonly #pending = new Set<PendingBlock>();
  /** The last of them. */
  #last: PendingBlock | undefined;
  #lost = 0;
  #isClosed = false;

  /** `end`: the handle, which is not to be garbage-collected before the batch. */
  constructor(
    private readonly end: object,
    state: EndState,
    options: unknown,
  ) {
    const { bytes, delayMs } = readBatchOptions(options);
    const result = binding.beginBatches(state.handle);
    if (result !== Code.ok) throw state.failed(result);
    const [capacity, maxBytes] = [outcome[0] as number, outcome[1] as number];
    this.#ofSlots = outcome[2] as number;
    // Half of a bounded channel, so that one block is filled while another is read.
    const room = maxBytes < 0 ? bytes : Math.min(bytes, Math.max(1, Math.floor(maxBytes / 2)));
    const most = Math.min(Math.ceil(room / 8), mostMessages);
    this.#block = makeBlock(
      room,
      capacity < 0 ? most : Math.max(1, Math.min(most, Math.floor(capacity / 2))),
    );
    this.#maxBytes = maxBytes < 0 ? Infinity : maxBytes;
    this.#longest = Math.min(room, longestCopied);
    this.#delay = delayMs;
    this.#state = state;
  }

  get [Symbol.toStringTag](): string {
    return 'BatchWriter';
  }

  toJSON(): object {
    return shownAsJson(this[Symbol.toStringTag]);
  }

  get lost(): number {
    return this.#lost;
  }

  trySend(value: T): boolean {
    try {
      if (this.#write(value)) return true;
      const encoded = this.#encode(value);
      const length = encodedLength(encoded);
      if (length <= this.#longest) return this.#pack(encoded, length);
      return this.#state.goesFirst() && trySendOne(this.#state, encoded, value);
    } catch (error) {
      throw this.#state.told('trySend', error);
    }
  }

  send(value: T, wait?: Wait): Promise<void>;
  send(value: T, wait: TimedWait): Promise<boolean>;
  send(value: T, wait?: AnyWait): Promise<boolean | void>;
  send(value: T, wait?: unknown): Promise<unknown> {
    try {
      const options = readWait(wait);
      if (options.signal?.aborted === true) return Promise.reject(options.signal.reason);
      const state = this.#state;
      if (this.#write(value)) return done(state, options);
      const encoded = this.#encode(value);
      const length = encodedLength(encoded);
      if (length <= this.#longest && this.#pack(encoded, length)) return done(state, options);
      state.batch?.go();
      return sendOne(this.end, state, encoded, options, value);
    } catch (error) {
      return Promise.reject(this.#state.told('send', error));
    }
  }

  sendSync(value: T, wait?: SyncWait): void;
  sendSync(value: T, wait: TimedSyncWait): boolean;
  sendSync(value: T, wait?: AnySyncWait): boolean | void;
  sendSync(value: T, wait?: unknown): unknown {
    try {
      const options = readSyncWait(wait);
      const { timeout, timed } = options;
      const state = this.#state;
      if (this.#write(value)) return timed ? true : undefined;
      const encoded = this.#encode(value);
      const length = encodedLength(encoded);
      if (length <= this.#longest) {
        if (this.#pack(encoded, length)) return timed ? true : undefined;
        if (state.batch === this) {
          this.#goSync(timeout);
          if (this.#pack(encoded, length)) return timed ? true : undefined;
          return false;
        }
      }
      state.batch?.go();
      return sendOneSync(state, encoded, options, value);
    } catch (error) {
      throw this.#state.told('sendSync', error);
    }
  }

  flush(wait?: Wait): Promise<void>;
  flush(wait: TimedWait): Promise<boolean>;
  flush(wait?: AnyWait): Promise<boolean | void>;
  flush(wait?: unknown): Promise<unknown> {
    try {
      const options = readWait(wait);
      if (options.signal?.aborted === true) return Promise.reject(options.signal.reason);
      this.#mustBeOpen();
      this.go();
      this.#mustBeWhole();
      const last = this.#last;
      if (last === undefined) return done(this.#state, options);
      return new Flushing(this.#state, options, last).begin();
    } catch (error) {
      return Promise.reject(this.#state.told('flush', error));
    }
  }

  flushSync(wait?: SyncWait): void;
  flushSync(wait: TimedSyncWait): boolean;
  flushSync(wait?: AnySyncWait): boolean | void;
  flushSync(wait?: unknown): unknown {
    return this.#state.named('flushSync', () => {
      const { timeout, timed } = readSyncWait(wait);
      this.#mustBeOpen();
      const isDone = this.#block.count > 0 ? this.#goSync(timeout) : this.#settleSync(timeout);
      this.#mustBeWhole();
      if (!isDone) return false;
      return timed ? true : undefined;
    });
  }

  close(): void {
    this.#isClosed = true;
    this.leave();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** As {@link OpenBatch.tryGo}. */
  tryGo(): boolean {
    const { bytes, lengths, count } = this.#block;
    if (count === 0) return true;
    return mayDrop(this.#state, () =>
      this.#went(binding.trySendPack(this.#state.handle, bytes, lengths, count)),
    );
  }

  /** As {@link OpenBatch.go}. */
  go(): void {
    mayDrop(this.#state, () => this.#go());
  }

  /** As {@link OpenBatch.leave}. */
  leave(): void {
    try {
      this.go();
    } catch {
      this.#lose(this.#block.count);
    }
  }

  #go(): void {
    // In a thread that never lets its loop turn, nobody else tells of them.
    this.#look();
    const { bytes, lengths, count } = this.#block;
    if (count === 0) return;
    const result = binding.sendPack(this.#state.handle, bytes, lengths, count);
    if (result > Code.pending) {
      // All of it now, or as much as went before the channel closed.
      this.#went(result >= 0 && result < count ? Code.closed : result, Math.max(result, 0));
      return;
    }
    const settled = (block: PendingBlock, accepted: number) => this.#settled(block, accepted);
    const block = new PendingBlock(Code.pending - result, this.end, this.#state, count, settled);
    void block.begin();
    this.#pending.add(block);
    this.#last = block;
    this.#clear();
  }

  /** Adds a value to the open block without encoding it anywhere else first. False: it is to be encoded there. */
  #write(value: T): boolean {
    const state = this.#state;
    if (state.batch !== this || this.#isClosed) return false;
    if (!this.#block.write(value, state.traits.codec, this.#longest)) return false;
    this.#goIfFull();
    return true;
  }

  #encode(value: T): Encoded {
    const encoded = this.#state.traits.codec.encode(value);
    // Last, because a codec of the caller's may have closed all of it.
    this.#mustBeOpen();
    const length = encodedLength(encoded);
    if (length <= this.#maxBytes) return encoded;
    [outcome[0], outcome[1], outcome[2]] = [length, this.#maxBytes, this.#ofSlots];
    throw this.#state.failed(Code.tooLong, value);
  }

  /** Adds a message to the open block; false when that is full, and finds no room. */
  #pack(encoded: Encoded, length: number): boolean {
    const state = this.#state;
    if (state.batch !== this && !state.goesFirst()) return false;
    if (!this.#block.fits(length) && !this.tryGo() && !this.#block.fits(length)) return false;
    this.#mustBeWhole();
    if (this.#block.count === 0) this.#open();
    this.#block.add(encoded, length);
    this.#goIfFull();
    return true;
  }

  /** A full block goes at once, if there is room. */
  #goIfFull(): void {
    if (!this.#block.isFull) return;
    try {
      this.tryGo();
    } catch {
      // No memory for it now: the next call tells.
    }
  }

  #open(): void {
    if (binding.look(this.#state.handle, Look.isClosed) === 1) throw this.#state.failed(Code.closed);
    this.#state.batch = this;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#delay === undefined) {
      this.#turn ??= setImmediate(() => {
        this.#turn = undefined;
        this.#goByItself();
      });
      return;
    }
    // Longer than a timer of Node's can last is for ever; the loop is kept alive all the same.
    const isLast = this.#delay <= longestTimer;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        if (isLast) this.#goByItself();
        else this.#schedule();
      },
      Math.min(Math.ceil(this.#delay), longestTimer),
    );
  }

  /** The open block's time has come. One that is pending goes first, and is not joined by another. */
  #goByItself(): void {
    if (this.#block.count === 0 || this.#pending.size > 0) return;
    try {
      this.go();
    } catch {
      // Too many sends are pending, or there is no memory now: later.
      this.#schedule();
    }
  }

  /** Blocks until the open block is accepted; false when not all of it was in time. */
  #goSync(timeout: number): boolean {
    const { bytes, lengths, count } = this.#block;
    // Before the look, which may send what lies in the block.
    const went = mayDrop(this.#state, () => {
      const result = binding.sendPackSync(this.#state.handle, bytes, lengths, count, timeout);
      return this.#went(result === Code.nothing ? 0 : result);
    });
    this.#look();
    this.#mustBeWhole();
    return went;
  }

  /** Blocks until the pending blocks have settled; false when not in time. */
  #settleSync(timeout: number): boolean {
    if (this.#pending.size === 0) return true;
    const result = binding.settleSync(this.#state.handle, timeout);
    this.#look();
    if (result < 0 && result !== Code.nothing) throw this.#state.failed(result);
    return result === Code.ok;
  }

  /** What of the pending blocks has settled. */
  #look(): void {
    for (const block of this.#pending) if (!block.look()) return;
  }

  /** Takes the native answer for the open block; true when none is left. Of a lost one, `accepted` messages went before. */
  #went(result: number, accepted = 0): boolean {
    const { count } = this.#block;
    if (result === Code.closed) this.#lose(count - accepted);
    else if (result < 0) throw this.#state.failed(result);
    else if (result < count) this.#block.drop(result);
    else this.#clear();
    return this.#block.count === 0;
  }

  #settled(block: PendingBlock, accepted: number): void {
    this.#pending.delete(block);
    if (this.#last === block) this.#last = undefined;
    if (accepted < block.count) this.#lose(block.count - accepted + this.#block.count);
    const isOverdue = this.#turn === undefined && this.#timer === undefined;
    if (isOverdue && this.#state.spent === undefined) this.#goByItself();
  }

  /** So many messages will never be accepted, those of the open block among them. */
  #lose(count: number): void {
    this.#lost += count;
    this.#clear();
  }

  #clear(): void {
    this.#block.clear();
    if (this.#state.batch === this) this.#state.batch = undefined;
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #mustBeOpen(): void {
    if (this.#state.spent !== undefined) throw this.#state.failed(Code.spent);
    this.#mustBeWhole();
    if (this.#isClosed) throw stateError('this batch was closed');
  }

  /** Throws once messages were lost: the channel is closed. */
  #mustBeWhole(): void {
    if (this.#lost > 0) throw this.#state.failed(Code.closed);
  }
}

function encodedLength(encoded: Encoded): number {
  return typeof encoded === 'number' ? encoded : lengthOf(encoded);
}

function makeBlock(bytes: number, most: number): Block {
  try {
    return new Block(bytes, most);
  } catch {
    throw noMemory(`there is not enough memory for a block of ${bytes} bytes`);
  }
}
