// The soak's own books of one round, in memory that all its threads share, so that they outlive whoever dies.

/** Messages of one sender in a round, at most. */
export const MOST = 20_000;
export const SENDERS = 3;

const ATTEMPTED = 0;
const ACCEPTED = 1;
const FIGURES = 2;

export function makeBooks(verbs) {
  return {
    sending: new Int32Array(new SharedArrayBuffer(SENDERS * FIGURES * 4)),
    seen: new Uint8Array(new SharedArrayBuffer(SENDERS * MOST)),
    sums: new Int32Array(new SharedArrayBuffer(12)),
    verbs: new Int32Array(new SharedArrayBuffer(verbs * 4)),
  };
}

export function clearBooks({ sending, seen, sums }) {
  for (const memory of [sending, seen, sums]) memory.fill(0);
}

/** One sender's page: its messages have the numbers from 0 on, without gaps. */
export class SenderPage {
  #sending;
  #at;

  constructor({ sending }, sender) {
    this.#sending = sending;
    this.#at = sender * FIGURES;
  }

  /** Messages up to this number are about to be sent, and may have been. */
  attempt(end) {
    if (end > this.#sending[this.#at + ATTEMPTED]) Atomics.store(this.#sending, this.#at + ATTEMPTED, end);
  }

  /** Messages below this number were accepted, all of them. */
  accept(end) {
    Atomics.store(this.#sending, this.#at + ACCEPTED, end);
  }

  /** All that was attempted and not accepted was surely not sent. */
  settle() {
    Atomics.store(this.#sending, this.#at + ATTEMPTED, this.#sending[this.#at + ACCEPTED]);
  }
}

/** One more was received. */
export function count({ sums }) {
  Atomics.add(sums, 0, 1);
}

/** Counts one more received message; throws when it came before, or was never sent. */
export function see(books, message) {
  const { sending, seen } = books;
  count(books);
  if (message === undefined) return;
  const { sender, number } = message;
  const attempted = Atomics.load(sending, sender * FIGURES + ATTEMPTED);
  if (sender >= SENDERS || number >= attempted)
    throw new Error(`message ${number} of sender ${sender} was never sent`);
  if (Atomics.add(seen, sender * MOST + number, 1) > 0)
    throw new Error(`message ${number} of sender ${sender} came twice`);
}

/** What all threads of the round have written down. */
export function totals({ sending, sums }) {
  const sum = (figure) => sending.reduce((sum, count, at) => sum + (at % FIGURES === figure ? count : 0), 0);
  return { attempted: sum(ATTEMPTED), accepted: sum(ACCEPTED), seen: sums[0] };
}

/** The reader of a latest value has read to the end: this was the last one. */
export function tellLatest({ sums }, number) {
  Atomics.store(sums, 1, 1);
  Atomics.store(sums, 2, number);
}

/** What the reader told, if it did. */
export function latestIn({ sums }) {
  return { isTold: sums[1] === 1, number: sums[2] };
}
