/** What one run of the demo costs: time, processor time, hand-over, queued bytes, memory. */
import { Handover } from './handover';

/** How often memory is looked at, in milliseconds. */
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
  /** How much of it came on top of what the process had when the run began. */
  readonly growth: number;
}

export class Meter {
  readonly handover = new Handover();
  readonly #began = performance.now();
  readonly #cpuBefore = process.cpuUsage();
  readonly #memoryBefore = process.memoryUsage.rss();
  readonly #sampler = setInterval(() => this.#sample(), SAMPLE_EVERY).unref();
  #memory = this.#memoryBefore;
  #queued = 0;

  /** So many bytes are queued now. */
  seeQueued(bytes: number): void {
    if (bytes > this.#queued) this.#queued = bytes;
  }

  /** Ends the measuring. */
  stop(): Cost {
    const seconds = (performance.now() - this.#began) / 1000;
    clearInterval(this.#sampler);
    this.#sample();
    const { user, system } = process.cpuUsage(this.#cpuBefore);
    return {
      seconds,
      cpu: (user + system) / 1e6,
      handover: this.handover.milliseconds,
      queued: this.#queued,
      memory: this.#memory,
      growth: this.#memory - this.#memoryBefore,
    };
  }

  #sample(): void {
    this.#memory = Math.max(this.#memory, process.memoryUsage.rss());
  }
}
