// What one of several receivers has seen: that each sender's messages came in order, whole, and how many.
import { LAST, check, numberOf, senderOf } from './payload.mjs';

export class Tally {
  constructor(senders, size) {
    this.size = size;
    this.latest = new Int32Array(senders).fill(-1);
    this.counts = new Float64Array(senders);
    this.sums = new Float64Array(senders);
  }

  /** Checks a message; false when it says that it was the last one. */
  take(bytes) {
    const number = numberOf(bytes);
    check(bytes, number, this.size);
    if (number === LAST) return false;
    const sender = senderOf(bytes);
    if (!(number > this.latest[sender]))
      throw new Error(`Message ${number} of sender ${sender} came after ${this.latest[sender]}`);
    this.latest[sender] = number;
    this.counts[sender] += 1;
    this.sums[sender] += number;
    return true;
  }

  told() {
    return { counts: this.counts, sums: this.sums };
  }
}

/** Throws unless all receivers together have seen every one of the `count` messages of each sender once. */
export function proveAll(told, senders, count) {
  for (let sender = 0; sender < senders; sender++) {
    const sum = (what) => told.reduce((total, each) => total + each[what][sender], 0);
    if (sum('counts') === count && sum('sums') === (count * (count - 1)) / 2) continue;
    throw new Error(`Of ${count} messages of sender ${sender} ${sum('counts')} were received`);
  }
}
