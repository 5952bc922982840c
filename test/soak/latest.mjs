// One round of the soak on a triple buffer: every value read is whole and no older than the one before, and a reader that
// stays to the end has the last one.
import { tripleBuffer } from 'millrace';
import { Lives } from './life.mjs';
import { HEAD, read } from './message.mjs';
import { clearBooks, latestIn, totals } from './tally.mjs';
import { within } from './within.mjs';

/** Bytes of a slot, at most. */
const MOST = 65_536;

/** As `playRound`, for the latest value: what was published and never read counts as skipped. */
export async function playLatest(random, books) {
  clearBooks(books);
  const longest = HEAD + random.below(MOST);
  const [input, output] = tripleBuffer({ byteLength: longest });
  const lives = new Lives(random, { books, longest });
  const workers = [lives.start('reader', 0, output), lives.start('writer', 0, input)];
  await within(Promise.all(workers), () => JSON.stringify(totals(books)));
  const seen = totals(books);
  const { accepted, attempted } = seen;
  const { isTold, number } = latestIn(books);
  const faults = [...lives.faults];
  if (isTold && (number + 1 < accepted || number >= attempted))
    faults.push(`the last value read was ${number}`);
  const sent = Math.max(accepted, seen.seen);
  const stats = { sent, received: seen.seen, skipped: sent - seen.seen, dropped: 0, discarded: 0, length: 0 };
  return { stats, seen, ended: lives.ended, faults };
}

/** Every way to write, by name, as the ways to send are. */
export const writes = {
  write({ tx, one, took }) {
    tx.write(one());
    took(1);
  },
  publish({ tx, one, took }) {
    const message = one();
    tx.buffer.set(message);
    tx.publish(message.length);
    took(1);
  },
};

/** Every way to read, as the ways to receive are; each takes a value that may be the one before. */
export const reads = {
  read({ rx, take }) {
    const value = rx.read();
    if (value !== undefined) take(value);
  },
  update({ rx, take }) {
    if (rx.update()) take(rx.buffer);
  },
  async changed({ rx, take, patience }) {
    if ((await rx.changed({ timeout: patience() })) && rx.update()) take(rx.buffer);
  },
  changedSync({ rx, take, patience }) {
    if (rx.changedSync({ timeout: patience() }) && rx.update()) take(rx.buffer);
  },
};

/** What one reader has seen: takes each value, and answers the number of the newest. */
export class Newest {
  number = -1;

  /** Whether it is a newer one. */
  take(bytes) {
    const { number } = read(bytes);
    if (number < this.number) throw new Error(`value ${number} came after ${this.number}`);
    const isNewer = number > this.number;
    this.number = number;
    return isNewer;
  }
}
