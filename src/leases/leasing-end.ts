/** How a receiving end gives leases. lease.ts says what it promises. */
import { binding, outcome } from '../border/binding.js';
import { EndState } from '../ends/end-state.js';
import { QueueEnd } from '../ends/handle.js';
import { receiveMemoryFor } from '../ends/receiving/receive-memory.js';
import type { Taking } from '../ends/receiving/receive-one.js';
import { ReceivingEnd } from '../ends/receiving/receiving-end.js';
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
    return this.#state.named('tryRecv', () => this.#one.tryTake('tryRecv') as Lease<T> | undefined);
  }

  override recvSync(wait?: SyncWait): Lease<T>;
  override recvSync(wait?: AnySyncWait): Lease<T> | undefined;
  override recvSync(wait?: unknown): unknown {
    return this.#state.named('recvSync', () => this.#one.takeWithin(readSyncWait(wait).timeout, 'recvSync'));
  }

  override tryRecvMany(max: number): Lease<T>[] {
    return this.#state.named('tryRecvMany', () => {
      const most = readMax(max);
      return this.#withMore(this.#one.tryTake('tryRecvMany'), most);
    });
  }

  override recvManySync(max: number, wait?: AnySyncWait): Lease<T>[] {
    return this.#state.named('recvManySync', () => {
      const most = readMax(max);
      return this.#withMore(this.#one.takeWithin(readSyncWait(wait).timeout, 'recvManySync'), most);
    });
  }

  override latest(): Lease<T> | undefined {
    return this.#state.named('latest', () => this.#one.takeNewest() as Lease<T> | undefined);
  }

  override tryRecvInto(): never {
    throw this.#notLeased('tryRecvInto');
  }

  override recvInto(): Promise<never> {
    return Promise.reject(this.#notLeased('recvInto'));
  }

  override recvIntoSync(): never {
    throw this.#notLeased('recvIntoSync');
  }

  override tryRecvRef(): never {
    throw this.#notLeased('tryRecvRef');
  }

  override recvRef(): Promise<never> {
    return Promise.reject(this.#notLeased('recvRef'));
  }

  override recvRefSync(): never {
    throw this.#notLeased('recvRefSync');
  }

  override refs(): never {
    throw this.#notLeased('refs');
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

  #notLeased(verb: string): unknown {
    return this.#state.told(verb, notLeased());
  }
}

function notLeased(): Error {
  return refused(
    'A channel made with ack: true leases its messages, which are received whole: use recv, recvSync or tryRecv, whose lease has the value',
  );
}
