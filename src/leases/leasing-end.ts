/** How a receiving end gives leases. lease.ts says what it promises. */
import { binding, outcome } from '../border/binding.js';
import { EndState } from '../ends/end-state.js';
import { QueueEnd } from '../ends/handle.js';
import { receiveMemoryFor } from '../ends/receive-memory.js';
import type { Taking } from '../ends/receive-one.js';
import { ReceivingEnd } from '../ends/receiving-end.js';
import { refused } from '../errors/misuse.js';
import type { AnySyncWait, SyncWait } from '../event-loop/wait-options.js';
import { readMax, readSyncWait } from '../event-loop/wait-options.js';
import type { Lease, LeaseReceiver } from './lease.js';
import { ManyLeases, OneLease } from './taking-leases.js';

export class LeaseReceivingEnd<T> extends ReceivingEnd<Lease<T>> implements LeaseReceiver<T> {
  readonly #state: EndState;
  readonly #one: OneLease;

  constructor(state: EndState) {
    const { codec, ownBuffers } = state.traits;
    const one = new OneLease(state, receiveMemoryFor(codec, ownBuffers));
    super(state, one);
    this.#state = state;
    this.#one = one;
  }

  override get [Symbol.toStringTag](): string {
    return 'LeaseReceiver';
  }

  override tryRecv(): Lease<T> | undefined {
    return this.#one.tryTake() as Lease<T> | undefined;
  }

  override recvSync(wait?: SyncWait): Lease<T>;
  override recvSync(wait?: AnySyncWait): Lease<T> | undefined;
  override recvSync(wait?: unknown): unknown {
    return this.#one.takeWithin(readSyncWait(wait).timeout);
  }

  override tryRecvMany(max: number): Lease<T>[] {
    const most = readMax(max);
    return this.#withMore(this.#one.tryTake('tryRecvMany'), most);
  }

  override recvManySync(max: number, wait?: AnySyncWait): Lease<T>[] {
    const most = readMax(max);
    return this.#withMore(this.#one.takeWithin(readSyncWait(wait).timeout, 'recvManySync'), most);
  }

  override latest(): Lease<T> | undefined {
    return this.#one.takeNewest() as Lease<T> | undefined;
  }

  override tryRecvInto(): never {
    throw notLeased();
  }

  override recvInto(): Promise<never> {
    return Promise.reject(notLeased());
  }

  override recvIntoSync(): never {
    throw notLeased();
  }

  override tryRecvRef(): never {
    throw notLeased();
  }

  override recvRef(): Promise<never> {
    return Promise.reject(notLeased());
  }

  override recvRefSync(): never {
    throw notLeased();
  }

  override refs(): never {
    throw notLeased();
  }

  clone(): LeaseReceiver<T> {
    const result = binding.clone(this.#state.handle);
    if (result < 0) throw this.#state.failure('clone', result);
    const { traits } = QueueEnd.stateOf(this) as EndState;
    return new LeaseReceivingEnd(new EndState(outcome[0] as number, traits));
  }

  protected override many(max: number): Taking {
    return new ManyLeases(this.#state, this.#one, max);
  }

  #withMore(first: Lease<unknown> | undefined, max: number): Lease<T>[] {
    if (first === undefined) return [];
    const leases = [first];
    this.#one.takeMore(leases, max);
    return leases as Lease<T>[];
  }
}

function notLeased(): Error {
  return refused(
    'A channel made with ack: true leases its messages, which are received whole: use recv, recvSync or tryRecv, whose lease has the value',
  );
}
