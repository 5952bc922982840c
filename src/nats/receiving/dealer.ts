/** What becomes of a message that was given out: the value it is, for good or on lease. */
import type { Delivery } from './delivery.js';
import type { Dealing } from './intake.js';
import type { Leases } from './lease.js';
import { decodeAlone } from '../payload.js';
import type { Settlements } from './settlements.js';
import type { WireCodec } from '../../codecs/codec.js';
import type { Taker } from './taker.js';

/** So many messages that were taken in this process are known again. */
const mostKnown = 65_536;

/** Deals messages out for good: each is acknowledged when it is taken. */
export class Takings implements Dealing {
  /** Those taken last: a restarted server may not have read that they were. */
  readonly #taken = new Set<string>();

  constructor(
    readonly codec: WireCodec,
    readonly settlements: Settlements,
  ) {}

  deal({ data, reply, key }: Delivery, taker: Taker): void {
    this.settlements.settle(reply, 'ack');
    if (this.#taken.has(key)) return;
    this.#taken.add(key);
    if (this.#taken.size > mostKnown) this.#taken.delete(this.#taken.values().next().value as string);
    taker.give(decodeAlone(this.codec, data));
  }

  giveBack({ reply }: Delivery): void {
    this.settlements.settle(reply, 'nack');
  }
}

/** Deals messages out on lease. */
export class Lending implements Dealing {
  constructor(
    readonly codec: WireCodec,
    readonly settlements: Settlements,
    readonly leases: Leases,
  ) {}

  deal(delivery: Delivery, taker: Taker): void {
    const lease = this.leases.lease(delivery, this.#decoded(delivery));
    if (lease !== undefined) taker.give(lease);
  }

  giveBack({ reply }: Delivery): void {
    this.settlements.settle(reply, 'nack');
  }

  #decoded(delivery: Delivery): unknown {
    try {
      return decodeAlone(this.codec, delivery.data);
    } catch (error) {
      const isLast = delivery.attempt >= this.leases.maxAttempts;
      this.settlements.settle(delivery.reply, isLast ? 'giveUp' : 'nack');
      throw error;
    }
  }
}
