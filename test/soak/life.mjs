// One worker's life in the soak: what it has to do, and how it ends.
import { spawn } from 'millrace';

const workerFile = new URL('worker.mjs', import.meta.url);
/** Milliseconds that a sender sends. */
const SENDING = 800;

/** How a worker may end before its time, and how many do. The last four are terminated. */
export const manners = ['returns', 'throws', 'exits', 'busy', 'blocked', 'awaiting', 'anywhere'];
const terminated = new Set(manners.slice(3));
const EARLY = 0.4;
/** Messages after which it does. */
const FUSE = 300;

/** The workers of one round. */
export class Lives {
  /** Side and manner of each. */
  ended = [];
  faults = [];
  #random;
  #plan;

  /** `plan` is for all of them: the books, and how long messages are. */
  constructor(random, plan) {
    this.#random = random;
    this.#plan = plan;
  }

  /** Starts a worker with this end; resolves at its exit. */
  start(side, index, end) {
    const random = this.#random;
    const manner = random.once(EARLY) ? random.oneOf(manners) : 'lives';
    this.ended.push({ side, manner });
    const seed = random.below(2 ** 31);
    const fuse = random.below(FUSE);
    return this.#live({ ...this.#plan, side, index, end, manner, seed, fuse, lasting: SENDING });
  }

  /** How many of a side were told to be terminated. */
  killed(side) {
    return this.ended.filter((one) => one.side === side && terminated.has(one.manner)).length;
  }

  async #live(plan) {
    const worker = spawn(workerFile, plan);
    const exit = new Promise((resolve) => worker.once('exit', resolve));
    worker.on('error', (error) => {
      if (error.message !== 'as told') this.faults.push(`a ${plan.side} failed: ${error.stack}`);
    });
    const killWithin = (milliseconds) =>
      setTimeout(() => worker.terminate(), this.#random.below(milliseconds));
    // It is there where it is to be terminated.
    worker.on('message', () => killWithin(SENDING / 8));
    if (plan.manner === 'anywhere') killWithin(2 * SENDING);
    await exit;
  }
}
