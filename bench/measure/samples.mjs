// The times of one peer's round trips, of all repetitions together.
import { median } from '../report/statistics.mjs';

export class Samples {
  #times = [];
  /** The median of each repetition, in milliseconds. */
  medians = [];
  /** How much of one core the process used meanwhile, one a repetition. */
  shares = [];

  add(times, share) {
    for (const time of times) this.#times.push(time);
    this.medians.push(median(times));
    this.shares.push(share);
  }

  get count() {
    return this.#times.length;
  }

  /** The time in milliseconds that this part of all did not exceed. */
  quantile(part) {
    const sorted = Float64Array.from(this.#times).sort();
    return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
  }
}
