/** How messages are leased, one or many at a time. One that cannot be decoded goes back. */
import { Code, Settle, binding, outcome } from '../border/binding.js';
import type { EndState } from '../ends/end-state.js';
import type { ReceiveMemory } from '../ends/receiving/receive-memory.js';
import type { Taking } from '../ends/receiving/receive-one.js';
import { noMemory } from '../errors/misuse.js';
import { timeNow } from '../event-loop/runtime.js';
import { countMore } from '../event-loop/turns.js';
import { LiveLease } from './live-lease.js';

/** Milliseconds that an awaited result of many leases may take to be made: timers and I/O wait for it. */
const longest = 10;

/** One lease. */
export class OneLease implements Taking {
  constructor(
    private readonly state: EndState,
    private readonly buffers: ReceiveMemory,
  ) {}

  get verb(): string {
    return 'recv';
  }

  ask(inLine: boolean): number {
    const { buffers } = this;
    buffers.ready();
    return binding.lease(this.state.handle, buffers.memory, buffers.offset, inLine);
  }

  take(answer: number): LiveLease<unknown> {
    return this.#begun(answer, outcome[0] as number, Settle.nack);
  }

  takeSettled(result: number, length: number): LiveLease<unknown> {
    if (result < 0 && result !== Code.held) throw this.state.failed(result);
    return this.#begun(result, length, Settle.nack, true);
  }

  nothing(): undefined {
    return undefined;
  }

  /** What a native call that does not wait has answered. */
  answered(verb: string, result: number): LiveLease<unknown> | undefined {
    if (result >= 0 || result === Code.held) return this.take(result);
    if (result === Code.nothing) return undefined;
    throw this.state.failure(verb, result);
  }

  tryTake(verb: string): LiveLease<unknown> | undefined {
    const { buffers } = this;
    buffers.ready();
    return this.answered(verb, binding.tryLease(this.state.handle, buffers.memory, buffers.offset));
  }

  takeWithin(timeout: number, verb: string): LiveLease<unknown> | undefined {
    const { buffers } = this;
    buffers.ready();
    return this.answered(verb, binding.leaseSync(this.state.handle, buffers.memory, buffers.offset, timeout));
  }

  takeNewest(): LiveLease<unknown> | undefined {
    const { buffers } = this;
    buffers.ready();
    return this.answered('latest', binding.latestLease(this.state.handle, buffers.memory, buffers.offset));
  }

  /** Adds more of those that are there, up to `max` in all. One that cannot be decoded is the next one, as it was. */
  takeMore(into: unknown[], max: number, until = Infinity): void {
    const { buffers } = this;
    while (into.length < max && (until === Infinity || timeNow() < until)) {
      buffers.ready();
      const result = binding.tryLease(this.state.handle, buffers.memory, buffers.offset);
      if (result < 0 && result !== Code.held) return;
      try {
        into.push(this.#begun(result, outcome[0] as number, Settle.putBack));
      } catch {
        return;
      }
    }
  }

  /** The lease that native code has just named; `otherwise` says how it ends where its message cannot be read. */
  #begun(result: number, length: number, otherwise: number, isSettled = false): LiveLease<unknown> {
    const name = outcome[3] as number;
    const attempt = outcome[4] as number;
    let value: unknown;
    try {
      if (result < 0) value = this.#readLong(name, length);
      else value = isSettled ? this.buffers.takeSettled(result) : this.buffers.take(result);
    } catch (error) {
      binding.settleLease(name, otherwise);
      throw error;
    }
    return new LiveLease(name, value, attempt);
  }

  #readLong(name: number, length: number): unknown {
    const message = memoryFor(length);
    binding.copyLease(name, message);
    return this.state.traits.codec.read(message, 0, length);
  }
}

/** As many as are there. */
export class ManyLeases implements Taking {
  #there: unknown[] = [];

  constructor(
    private readonly state: EndState,
    private readonly one: OneLease,
    private readonly max: number,
  ) {}

  get verb(): string {
    return 'recvMany';
  }

  ask(inLine: boolean): number {
    const answer = this.one.ask(inLine);
    if (answer >= 0 || answer === Code.held) this.#there = this.#with(this.one.take(answer));
    return answer;
  }

  take(): unknown[] {
    const there = this.#there;
    this.#there = [];
    return there;
  }

  takeSettled(result: number, length: number): unknown[] {
    const first = this.one.takeSettled(result, length);
    // What is there now is of later waits of this handle, if there are any.
    return this.state.waits.size === 0 ? this.#with(first) : [first];
  }

  nothing(): unknown[] {
    return [];
  }

  #with(first: unknown): unknown[] {
    const taken = [first];
    this.one.takeMore(taken, this.max, timeNow() + longest);
    countMore(taken.length - 1);
    return taken;
  }
}

function memoryFor(length: number): Uint8Array {
  try {
    return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
  } catch {
    throw noMemory(
      `there is not enough memory to receive a message of ${length} bytes; it is back in its channel`,
    );
  }
}
