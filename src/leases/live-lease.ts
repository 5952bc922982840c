/**
 * A lease that was given, and what becomes of one that is forgotten.
 *
 * Asking the garbage collector to watch one, and to watch it no more, takes longer than the lease itself. Most are settled
 * at once, so each is kept here at first, and is watched only when it is still there at the next look.
 */
import { Settle, binding } from '../border/binding.js';
import { setTimeout } from '../event-loop/runtime.js';
import { warnOnce } from '../observe/forgotten.js';
import type { Lease } from './lease.js';

/** How long until the next look, in milliseconds. */
const delay = 1000;
/** Where a lease is that the garbage collector watches, and one that is settled. */
const watched = -1;
const settled = -2;

const forgotten = new FinalizationRegistry<number>((name) => {
  warnOnce({
    text: 'A lease was garbage-collected unsettled; its message is back in its channel now.',
    code: 'MILLRACE_UNSETTLED',
    detail:
      'Settle leases with ack() or nack(), or dispose them by `using`: until they are collected, their messages take up room. Told once.',
  });
  binding.settleLease(name, Settle.nack);
});

const young: LiveLease<unknown>[] = [];
let timer: NodeJS.Timeout | undefined;

export class LiveLease<out T> implements Lease<T> {
  /** By which native code knows it. */
  readonly #name: number;
  /** Where it is among the young. */
  #at: number;

  constructor(
    name: number,
    readonly value: T,
    readonly attempt: number,
  ) {
    this.#name = name;
    this.#at = young.push(this) - 1;
    timer ??= setTimeout(LiveLease.#look, delay).unref();
  }

  ack(): boolean {
    return this.#settle(Settle.ack);
  }

  nack(): boolean {
    return this.#settle(Settle.nack);
  }

  [Symbol.dispose](): void {
    this.#settle(Settle.nack);
  }

  #settle(how: number): boolean {
    const at = this.#at;
    if (at === settled) return false;
    this.#at = settled;
    if (at === watched) {
      forgotten.unregister(this);
    } else {
      const last = young.pop() as LiveLease<unknown>;
      if (last !== this) {
        young[at] = last;
        last.#at = at;
      }
    }
    return binding.settleLease(this.#name, how);
  }

  /** Has those watched that are still there. */
  static #look(): void {
    timer = undefined;
    for (const lease of young) {
      lease.#at = watched;
      forgotten.register(lease, lease.#name, lease);
    }
    young.length = 0;
  }
}
