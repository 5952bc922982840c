/** How a receiving end does it. receiver.ts says what it promises. */
import { Code, binding, outcome } from '../../border/binding.js';
import { mayClose } from '../../observe/diagnostics.js';
import { QueueEnd } from '../handle.js';
import { type ReceiveMemory, receiveMemoryFor } from './receive-memory.js';
import { Iteration } from './iteration.js';
import { EndState } from '../end-state.js';
import { encodeReason } from '../close-reason.js';
import { OneRef } from '../../refs/live-refs.js';
import { Lending, RefIteration } from '../../refs/iteration.js';
import { ChannelFailedError } from '../../errors/errors.js';
import { IntoTarget, targetFor, tooLongFor } from './receive-into.js';
import { OneMessage, type Taking, receive } from './receive-one.js';
import { ManyMessages, takeMany } from './receive-many.js';
import type { Receiver, SoleReceiver } from '../receiver.js';
import type { RecvRef } from '../../refs/refs.js';
import { Steps } from './sync-iteration.js';
import type {
  AnySyncWait,
  AnyWait,
  Iterating,
  SyncWait,
  Wait,
  WaitOptions,
} from '../../event-loop/wait-options.js';
import { endless, readIterating, readMax, readSyncWait, readWait } from '../../event-loop/wait-options.js';

export class ReceivingEnd<T> extends QueueEnd implements SoleReceiver<T> {
  readonly #state: EndState;
  readonly #buffers: ReceiveMemory;
  readonly #one: Taking;
  #oneRef: OneRef | undefined;

  /** `one`: how it takes a message, where that is not as it is. */
  constructor(state: EndState, one?: Taking) {
    super(state);
    this.#state = state;
    this.#buffers = receiveMemoryFor(state.traits.codec, state.traits.ownBuffers);
    this.#one = one ?? new OneMessage(state, this.#buffers);
  }

  /** How a receiving end takes a message, `undefined` for anything else. */
  static takingOf(value: unknown): Taking | undefined {
    return typeof value === 'object' && value !== null && #one in value ? value.#one : undefined;
  }

  get [Symbol.toStringTag](): string {
    return 'SoleReceiver';
  }

  tryRecv(): T | undefined {
    try {
      const buffers = this.#buffers;
      buffers.ready();
      const result = binding.tryRecv(this.#state.handle, buffers.memory, buffers.offset);
      return result >= 0 ? (buffers.take(result) as T) : this.#otherwise('tryRecv', result);
    } catch (error) {
      throw this.#state.told('tryRecv', error);
    }
  }

  recv(wait?: Wait): Promise<T>;
  recv(wait?: AnyWait): Promise<T | undefined>;
  recv(wait?: unknown): Promise<unknown> {
    try {
      return receive(this, this.#state, this.#one, readWait(wait));
    } catch (error) {
      return Promise.reject(this.#state.told('recv', error));
    }
  }

  recvSync(wait?: SyncWait): T;
  recvSync(wait?: AnySyncWait): T | undefined;
  recvSync(wait?: unknown): unknown {
    return this.#within('recvSync', wait);
  }

  /** A message, for `verb`, which blocks. */
  #within(verb: string, wait: unknown): T | undefined {
    try {
      const { timeout } = readSyncWait(wait);
      const buffers = this.#buffers;
      buffers.ready();
      const result = binding.recvSync(this.#state.handle, buffers.memory, buffers.offset, timeout);
      return result >= 0 ? (buffers.take(result) as T) : this.#otherwise(verb, result);
    } catch (error) {
      throw this.#state.told(verb, error);
    }
  }

  tryRecvInto(target: Uint8Array): number {
    try {
      const bytes = targetFor(this.#state, target);
      const result = binding.tryRecvInto(this.#state.handle, bytes);
      return result >= Code.nothing ? result : this.#notInto('tryRecvInto', result, bytes);
    } catch (error) {
      throw this.#state.told('tryRecvInto', error);
    }
  }

  recvInto(target: Uint8Array, wait?: AnyWait): Promise<number> {
    try {
      const into = new IntoTarget(this.#state, targetFor(this.#state, target));
      return receive(this, this.#state, into, readWait(wait)) as Promise<number>;
    } catch (error) {
      return Promise.reject(this.#state.told('recvInto', error));
    }
  }

  recvIntoSync(target: Uint8Array, wait?: AnySyncWait): number {
    try {
      const { timeout } = readSyncWait(wait);
      const bytes = targetFor(this.#state, target);
      const result = binding.recvIntoSync(this.#state.handle, bytes, timeout);
      return result >= Code.nothing ? result : this.#notInto('recvIntoSync', result, bytes);
    } catch (error) {
      throw this.#state.told('recvIntoSync', error);
    }
  }

  tryRecvMany(max: number): T[] {
    return this.#state.named('tryRecvMany', () => {
      const values: T[] = [];
      const answer = takeMany(this.#state, this.#buffers, readMax(max), true, values);
      if (answer >= Code.nothing) return values;
      throw this.#state.failure('tryRecvMany', answer);
    });
  }

  recvMany(max: number, wait?: AnyWait): Promise<T[]> {
    try {
      return receive(this, this.#state, this.many(readMax(max)), readWait(wait)) as Promise<T[]>;
    } catch (error) {
      return Promise.reject(this.#state.told('recvMany', error));
    }
  }

  recvManySync(max: number, wait?: AnySyncWait): T[] {
    return this.#state.named('recvManySync', () => {
      const most = readMax(max);
      const { timeout } = readSyncWait(wait);
      const values: T[] = [];
      const answer = takeMany(this.#state, this.#buffers, most, false, values);
      if (answer > 0) return values;
      if (answer !== Code.nothing) throw this.#state.failure('recvManySync', answer);
      const first = this.#within('recvManySync', { timeout });
      if (first === undefined) return values;
      values.push(first);
      takeMany(this.#state, this.#buffers, most, false, values);
      return values;
    });
  }

  tryRecvRef(): RecvRef | undefined {
    try {
      return this.#ref().tryTake();
    } catch (error) {
      throw this.#state.told('tryRecvRef', error);
    }
  }

  recvRef(wait?: Wait): Promise<RecvRef>;
  recvRef(wait?: AnyWait): Promise<RecvRef | undefined>;
  recvRef(wait?: unknown): Promise<unknown> {
    try {
      return receive(this, this.#state, this.#ref(), readWait(wait));
    } catch (error) {
      return Promise.reject(this.#state.told('recvRef', error));
    }
  }

  recvRefSync(wait?: SyncWait): RecvRef;
  recvRefSync(wait?: AnySyncWait): RecvRef | undefined;
  recvRefSync(wait?: unknown): unknown {
    try {
      return this.#ref().takeWithin(readSyncWait(wait).timeout);
    } catch (error) {
      throw this.#state.told('recvRefSync', error);
    }
  }

  refs(options?: Iterating): AsyncIterable<RecvRef> {
    return this.#state.named('refs', () => {
      this.#state.mustBeLive('refs');
      const lending = new Lending(OneRef.of(this, this.#state));
      return new RefIteration(this, this.#state, lending, readIterating(options), (iterator) =>
        this.iterating(iterator),
      );
    });
  }

  #ref(): OneRef {
    return (this.#oneRef ??= OneRef.of(this, this.#state));
  }

  tryIter(): Iterable<T> {
    this.#state.mustBeLive('tryIter');
    let left = this.#state.length;
    if (left === 0) this.#state.mustNotHaveFailed('tryIter');
    const step = () => ((left -= 1) >= 0 ? this.#nowUnlessFailed() : undefined);
    return new Steps(step, this.#state, (steps) => this.iterating(steps));
  }

  iterSync(): Iterable<T> {
    this.#state.mustBeLive('iterSync');
    return new Steps(
      () => this.#state.named('iterSync', () => this.recvSync(), true),
      this.#state,
      (steps) => this.iterating(steps),
    );
  }

  latest(): T | undefined {
    try {
      const buffers = this.#buffers;
      buffers.ready();
      const result = binding.latest(this.#state.handle, buffers.memory, buffers.offset);
      return result >= 0 ? (buffers.take(result) as T) : this.#otherwise('latest', result);
    } catch (error) {
      throw this.#state.told('latest', error);
    }
  }

  iter(options?: Iterating): AsyncIterable<T> {
    return this.#state.named('iter', () => {
      this.#state.mustBeLive('iter');
      return this.#iterate<T>(this.#one, readIterating(options));
    });
  }

  batches(max: number, options?: Iterating): AsyncIterable<T[]> {
    return this.#state.named('batches', () => {
      this.#state.mustBeLive('batches');
      return this.#iterate<T[]>(this.many(readMax(max)), readIterating(options));
    });
  }

  cancel(reason?: unknown): number {
    const encoded = encodeReason(reason);
    return mayClose(() => {
      const result = binding.cancel(this.#state.handle, encoded);
      if (result < 0) throw this.#state.failure('cancel', result);
      return outcome[0] as number;
    });
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    this.#state.mustBeLive('for await');
    return this.#iterate<T>(this.#one, endless);
  }

  /** How it takes many messages. */
  protected many(max: number): Taking {
    return new ManyMessages(this.#state, this.#buffers, max);
  }

  /** Does not wait for what others have taken meanwhile. */
  #nowUnlessFailed(): T | undefined {
    try {
      return this.#state.named('tryIter', () => this.tryRecv(), true);
    } catch (error) {
      if (error instanceof ChannelFailedError) return undefined;
      throw error;
    }
  }

  #iterate<V>(taking: Taking, options: WaitOptions): Iteration<V> {
    return new Iteration<V>(this, this.#state, taking, options, (iterator) => this.iterating(iterator));
  }

  /** A native answer that is not a short message. */
  #otherwise(verb: string, result: number): T | undefined {
    if (result === Code.nothing) return undefined;
    if (result === Code.held) return this.#buffers.takeHeld(outcome[0] as number) as T;
    throw this.#state.failure(verb, result);
  }

  #notInto(verb: string, result: number, target: Uint8Array): never {
    if (result !== Code.tooLong) throw this.#state.failure(verb, result, target);
    throw tooLongFor(target, outcome[0] as number);
  }
}

/** One that can have others beside it. */
export class SharedReceivingEnd<T> extends ReceivingEnd<T> implements Receiver<T> {
  override get [Symbol.toStringTag](): string {
    return 'Receiver';
  }

  clone(): Receiver<T> {
    const { handle, traits } = QueueEnd.stateOf(this) as EndState;
    const result = binding.clone(handle);
    if (result < 0) throw (QueueEnd.stateOf(this) as EndState).failure('clone', result);
    const Same = this.constructor as typeof SharedReceivingEnd<T>;
    return new Same(new EndState(outcome[0] as number, traits));
  }
}
