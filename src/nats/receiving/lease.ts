/** Messages that are leased: the channel's until they are acknowledged. */
import { setInterval } from 'node:timers';

import type { AsyncSender } from '../../ends/async-ends.js';
import type { Lease } from '../../leases/lease.js';
import type { Delivery } from './delivery.js';
import type { Settlements } from './settlements.js';

/** What is held of a lease while it is not settled; nothing here holds the lease itself. */
interface Held {
  readonly delivery: Delivery;
  readonly value: unknown;
}

/** The leases of one channel in this process. */
export class Leases {
  readonly #held = new Set<Held>();
  readonly #settlements: Settlements;
  readonly #timer: NodeJS.Timeout;
  #warned = false;
  readonly #collected = new FinalizationRegistry<Held>((held) => {
    if (!this.#held.has(held)) return;
    if (!this.#warned) {
      this.#warned = true;
      process.emitWarning('A lease was garbage-collected without ack() or nack(): its message goes back', {
        code: 'MILLRACE_LEASE_COLLECTED',
      });
    }
    this.nack(held);
  });

  constructor(
    settlements: Settlements,
    readonly maxAttempts: number,
    /** Takes what was given up. */
    readonly buried: (held: Held) => void,
    ackWait: number,
  ) {
    this.#settlements = settlements;
    this.#timer = setInterval(() => {
      for (const { delivery } of this.#held) settlements.keep(delivery.reply);
    }, ackWait / 3);
    this.#timer.unref();
  }

  /** A lease on a message; `undefined` where it was given out too often already. */
  lease(delivery: Delivery, value: unknown): Lease<unknown> | undefined {
    const held: Held = { delivery, value };
    if (delivery.attempt > this.maxAttempts) {
      this.buried(held);
      return undefined;
    }
    this.#held.add(held);
    const lease = new NatsLease(this, held);
    this.#collected.register(lease, held, held);
    return lease;
  }

  ack(held: Held): boolean {
    if (!this.#release(held)) return false;
    this.#settlements.settle(held.delivery.reply, 'ack');
    return true;
  }

  nack(held: Held): boolean {
    if (!this.#release(held)) return false;
    if (held.delivery.attempt >= this.maxAttempts) this.buried(held);
    else this.#settlements.settle(held.delivery.reply, 'nack');
    return true;
  }

  /** All that are not settled go back. */
  close(): void {
    for (const held of this.#held) this.nack(held);
    clearInterval(this.#timer);
  }

  #release(held: Held): boolean {
    if (!this.#held.delete(held)) return false;
    this.#collected.unregister(held);
    return true;
  }
}

/** Sends what was given up to `deadLetter`, which then has it, or has the server throw it away. */
export async function bury(
  { delivery, value }: Held,
  settlements: Settlements,
  deadLetter: AsyncSender<unknown> | undefined,
): Promise<void> {
  if (deadLetter === undefined) {
    settlements.settle(delivery.reply, 'giveUp');
    return;
  }
  try {
    await deadLetter.send(value);
    settlements.settle(delivery.reply, 'ack');
  } catch {
    // There is nobody to take it: it comes again, and may find somebody then.
    settlements.settle(delivery.reply, 'nack');
  }
}

class NatsLease implements Lease<unknown> {
  readonly #leases: Leases;
  readonly #held: Held;

  constructor(leases: Leases, held: Held) {
    this.#leases = leases;
    this.#held = held;
  }

  get [Symbol.toStringTag](): string {
    return 'Lease';
  }

  get value(): unknown {
    return this.#held.value;
  }

  get attempt(): number {
    return this.#held.delivery.attempt;
  }

  ack(): boolean {
    return this.#leases.ack(this.#held);
  }

  nack(): boolean {
    return this.#leases.nack(this.#held);
  }

  [Symbol.dispose](): void {
    this.nack();
  }
}
