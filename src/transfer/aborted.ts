/** Tickets that a signal revokes: what is not redeemed when it aborts. */
import { binding } from '../border/binding.js';
import { type Abortable, follow } from '../event-loop/aborts.js';
import { mayClose } from '../observe/diagnostics.js';

/** So many tickets of a signal are kept without asking which are redeemed. */
const fewTickets = 64;

/** The tickets of one signal. */
class SignalTickets implements Abortable {
  #names: string[] = [];
  #askAt = fewTickets;

  add(names: readonly string[]): void {
    this.#names.push(...names);
    if (this.#names.length < this.#askAt) return;
    // A signal may outlive any number of tasks: what they have redeemed is forgotten, at twice the number each time.
    this.#names = this.#names.filter((name) => typeof binding.describeTickets([name]) !== 'number');
    this.#askAt = Math.max(fewTickets, 2 * this.#names.length);
  }

  aborted(): void {
    mayClose(() => binding.revoke(this.#names));
  }
}

const bySignal = new WeakMap<AbortSignal, SignalTickets>();

/** Throws the signal's reason where it has aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw signal.reason;
}

/** When the signal aborts, which it has not, those of these tickets that are not redeemed are revoked. */
export function revokeWhenAborted(signal: AbortSignal, names: readonly string[]): void {
  let tickets = bySignal.get(signal);
  if (tickets === undefined) {
    tickets = new SignalTickets();
    bySignal.set(signal, tickets);
    follow(signal, tickets);
  }
  tickets.add(names);
}
