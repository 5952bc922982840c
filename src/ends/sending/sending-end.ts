/** How a sending end does it. sender.ts says what it promises. */
import type { BatchOptions, BatchWriter } from '../../batch/batch.js';
import { Writer } from '../../batch/writer.js';
import { Code, Look, type Parts, binding, outcome } from '../../border/binding.js';
import type { BytesLike } from '../../border/bytes.js';
import { mayClose, mayDrop } from '../../observe/diagnostics.js';
import { PendingDone, done } from '../../event-loop/done.js';
import { QueueEnd } from '../handle.js';
import { EndState } from '../end-state.js';
import { LiveSendRef } from '../../refs/live-refs.js';
import { encodeError } from '../../errors/travel.js';
import { wrongType } from '../../errors/misuse.js';
import type { SendRef } from '../../refs/refs.js';
import { sendMoved, sendMovedSync, trySendMoved } from './send-moved.js';
import { sendOne, sendOneSync, trySendOne } from './send-one.js';
import { PendingSendMany, readValues, withPack } from './send-many.js';
import type { BytesSender, Sender } from '../sender.js';
import { TimerEnd } from '../../timers/timer-end.js';
import { countReady, hasBudget, owe } from '../../event-loop/turns.js';
import type {
  AnySyncWait,
  AnyWait,
  Moving,
  SyncWait,
  TimedSyncWait,
  TimedWait,
  Wait,
} from '../../event-loop/wait-options.js';
import {
  readHow,
  readSendWait,
  readSyncSendWait,
  readSyncWait,
  readWait,
} from '../../event-loop/wait-options.js';

/** A pending `drained`. */
class PendingDrained extends PendingDone {
  protected get verb(): string {
    return 'drained';
  }
}

export class SendingEnd<in T> extends QueueEnd implements Sender<T> {
  readonly #state: EndState;

  constructor(state: EndState) {
    super(state);
    this.#state = state;
  }

  get [Symbol.toStringTag](): string {
    return 'Sender';
  }

  get isFull(): boolean {
    return this.#state.isFull;
  }

  trySend(value: T): boolean;
  trySend(this: BytesSender, value: BytesLike, how: Moving): boolean;
  trySend(value: unknown, how?: unknown): boolean {
    try {
      const state = this.#state;
      if (how !== undefined && readHow(how)) return trySendMoved(state, value);
      const encoded = state.traits.codec.encode(value);
      return state.goesFirst() && trySendOne(state, encoded, value);
    } catch (error) {
      throw this.#state.told('trySend', error);
    }
  }

  send(value: T, wait?: Wait): Promise<void>;
  send(value: T, wait: TimedWait): Promise<boolean>;
  send(value: T, wait?: AnyWait): Promise<boolean | void>;
  send(this: BytesSender, value: BytesLike, wait: Wait & Moving): Promise<void>;
  send(this: BytesSender, value: BytesLike, wait: TimedWait & Moving): Promise<boolean>;
  send(this: BytesSender, value: BytesLike, wait: AnyWait & Moving): Promise<boolean | void>;
  send(value: unknown, wait?: unknown): Promise<unknown> {
    try {
      const options = readSendWait(wait);
      if (options.signal?.aborted === true) return Promise.reject(options.signal.reason);
      const state = this.#state;
      if (options.transfer) return sendMoved(this, state, value, options);
      const encoded = state.traits.codec.encode(value);
      state.batch?.go();
      return sendOne(this, state, encoded, options, value);
    } catch (error) {
      return Promise.reject(this.#state.told('send', error));
    }
  }

  sendSync(value: T, wait?: SyncWait): void;
  sendSync(value: T, wait: TimedSyncWait): boolean;
  sendSync(value: T, wait?: AnySyncWait): boolean | void;
  sendSync(this: BytesSender, value: BytesLike, wait: SyncWait & Moving): void;
  sendSync(this: BytesSender, value: BytesLike, wait: TimedSyncWait & Moving): boolean;
  sendSync(this: BytesSender, value: BytesLike, wait: AnySyncWait & Moving): boolean | void;
  sendSync(value: unknown, wait?: unknown): unknown {
    try {
      const options = readSyncSendWait(wait);
      const state = this.#state;
      if (options.transfer) return sendMovedSync(state, value, options);
      const encoded = state.traits.codec.encode(value);
      state.batch?.go();
      return sendOneSync(state, encoded, options, value);
    } catch (error) {
      throw this.#state.told('sendSync', error);
    }
  }

  trySendMany(values: readonly T[]): number {
    try {
      return this.#many('trySendMany', readValues(values), (handle, parts, lengths) =>
        this.#state.goesFirst() ? binding.trySendMany(handle, parts, lengths) : 0,
      );
    } catch (error) {
      throw this.#state.told('trySendMany', error);
    }
  }

  sendMany(values: readonly T[], wait?: AnyWait): Promise<number> {
    try {
      const options = readWait(wait);
      if (options.signal?.aborted === true) return Promise.reject(options.signal.reason);
      const result = this.#many('sendMany', readValues(values), (handle, parts, lengths) => {
        this.#state.batch?.go();
        return binding.sendMany(handle, parts, lengths);
      });
      if (result > Code.pending) return this.#ready(result);
      const pending = new PendingSendMany(Code.pending - result, this, this.#state, options);
      return pending.begin() as Promise<number>;
    } catch (error) {
      return Promise.reject(this.#state.told('sendMany', error));
    }
  }

  sendManySync(values: readonly T[], wait?: AnySyncWait): number {
    try {
      const { timeout } = readSyncWait(wait);
      return this.#many('sendManySync', readValues(values), (handle, parts, lengths) => {
        this.#state.batch?.go();
        return binding.sendManySync(handle, parts, lengths, timeout);
      });
    } catch (error) {
      throw this.#state.told('sendManySync', error);
    }
  }

  sendRef(byteLength: number): SendRef {
    return this.#state.named('sendRef', () => LiveSendRef.of(this, this.#state, byteLength));
  }

  clone(): Sender<T> {
    const result = binding.clone(this.#state.handle);
    if (result < 0) throw this.#state.failure('clone', result);
    const Same = this.constructor as typeof SendingEnd<T>;
    return new Same(new EndState(outcome[0] as number, this.#state.traits));
  }

  batch(options?: BatchOptions): BatchWriter<T> {
    return this.#state.named('batch', () => new Writer(this, this.#state, options));
  }

  end(): void {
    try {
      this.#state.goesFirst();
      const result = mayClose(() => binding.end(this.#state.handle));
      if (result < 0) throw this.#state.failure('end', result);
    } catch (error) {
      throw this.#state.told('end', error);
    }
  }

  fail(error: unknown): void {
    try {
      this.#state.goesFirst();
      const encoded = encodeError(error);
      const result = mayClose(() => binding.fail(this.#state.handle, encoded));
      if (result < 0) throw this.#state.failure('fail', result);
    } catch (error) {
      throw this.#state.told('fail', error);
    }
  }

  drained(wait?: Wait): Promise<void>;
  drained(wait: TimedWait): Promise<boolean>;
  drained(wait?: AnyWait): Promise<boolean | void>;
  drained(wait?: unknown): Promise<unknown> {
    try {
      const options = readWait(wait);
      if (options.signal?.aborted === true) return Promise.reject(options.signal.reason);
      this.#state.batch?.go();
      const result = binding.drained(this.#state.handle);
      if (result === Code.ok) return done(this.#state, options);
      if (result > Code.pending) throw this.#state.failure('drained', result);
      return new PendingDrained(Code.pending - result, this, this.#state, options).begin();
    } catch (error) {
      return Promise.reject(this.#state.told('drained', error));
    }
  }

  drainedSync(wait?: SyncWait): void;
  drainedSync(wait: TimedSyncWait): boolean;
  drainedSync(wait?: AnySyncWait): boolean | void;
  drainedSync(wait?: unknown): unknown {
    try {
      const { timeout, timed } = readSyncWait(wait);
      this.#state.batch?.go();
      const result = binding.drainedSync(this.#state.handle, timeout);
      if (result === Code.ok) return timed ? true : undefined;
      if (result === Code.nothing) return false;
      throw this.#state.failure('drainedSync', result);
    } catch (error) {
      throw this.#state.told('drainedSync', error);
    }
  }

  sameChannel(other: unknown): boolean {
    return this.#state.named('sameChannel', () => {
      if (TimerEnd.clockOf(other) !== undefined) return false;
      const state = QueueEnd.stateOf(other);
      if (state === undefined) throw wrongType('other', 'a Sender or a Receiver', other);
      this.#state.mustBeLive('sameChannel');
      state.mustBeLive('sameChannel');
      return binding.sameChannel(this.#state.handle, state.handle);
    });
  }

  /** Encodes all values, then sends them: how many were accepted, or a wait. */
  #many(
    verb: string,
    values: unknown[],
    send: (handle: number, parts: Parts, lengths?: Uint32Array) => number,
  ): number {
    const { handle, traits } = this.#state;
    if (values.length === 0) return this.#none(verb);
    const result = mayDrop(this.#state, () =>
      withPack(values, traits.codec, ({ parts, lengths }) => send(handle, parts, lengths)),
    );
    if (result >= 0 || result <= Code.pending) return result;
    if (result === Code.nothing) return 0;
    throw this.#state.failure(verb, result, values);
  }

  /** No values: only what every verb checks. */
  #none(verb: string): number {
    this.#state.mustBeLive(verb);
    if (binding.look(this.#state.handle, Look.isClosed) === 1) throw this.#state.closedError(verb);
    return 0;
  }

  #ready(result: number): Promise<number> {
    if (!hasBudget()) return owe(this.#state, result);
    countReady(result);
    return Promise.resolve(result);
  }
}
