/** The workers of a run: whether one failed, and when all have ended. */
import type { Worker } from 'node:worker_threads';

export class Crew {
  failure: unknown;
  readonly #ends: Promise<void>[] = [];

  add(worker: Worker): void {
    worker.once('error', (error) => {
      this.failure ??= error;
    });
    this.#ends.push(new Promise((resolve) => worker.once('exit', () => resolve())));
  }

  async ended(): Promise<void> {
    await Promise.all(this.#ends);
  }
}
