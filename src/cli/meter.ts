/** What one time of a demo costs: time, processor time, hand-over, queued bytes, memory. */
import { Handover } from './handover';

/** How often memory and queues are looked at, in milliseconds. */
const SAMPLE_EVERY = 10;

export interface Cost {
  readonly seconds: number;
  /** Seconds of processor time, of all threads. */
  readonly cpu: number;
  /** Milliseconds inside handing-over calls, all threads together. */
  readonly handover: number;
  /** The most bytes that were seen queued. */
  readonly queued: number;
  /** The most resident memory that was seen, in bytes. */
  readonly memory: number;
}

export class Meter {
  readonly handover = new Handover();
  /** How many bytes are queued now. */
  queued: () => number = () => 0;
  #sampler: NodeJS.Timeout | undefined;
  #began = 0;
  #cpuBefore = process.cpuUsage();
  #memory = 0;
  #queued = 0;

  /** Begins to measure. */
  begin(): void {
    this.#memory = 0;
    this.#queued = 0;
    this.handover.take();
    this.#sampler = setInterval(() => this.#sample(), SAMPLE_EVERY).unref();
    this.#cpuBefore = process.cpuUsage();
    this.#began = performance.now();
  }

  /** Ends it. */
  stop(): Cost {
    const seconds = (performance.now() - this.#began) / 1000;
    const { user, system } = process.cpuUsage(this.#cpuBefore);
    clearInterval(this.#sampler);
    this.#sample();
    return {
      seconds,
      cpu: (user + system) / 1e6,
      handover: this.handover.take(),
      queued: this.#queued,
      memory: this.#memory,
    };
  }

  #sample(): void {
    this.#memory = Math.max(this.#memory, process.memoryUsage.rss());
    this.#queued = Math.max(this.#queued, this.queued());
  }
}
