// The fixtures' handshakes, for tests.
import { createRequire } from 'node:module';
import type { Worker } from 'node:worker_threads';

interface Registry {
  /** Channels with a live end. */
  readonly channels: number;
  /** Live ends, tickets included. */
  readonly ends: number;
  readonly tickets: number;
  /** Threads that have loaded the addon. */
  readonly environments: number;
}

interface Handshakes {
  until(holds: () => boolean, what: string, limit?: number): Promise<void>;
  exitOf(worker: Worker): Promise<number>;
  registry(): Registry;
  threadCount(): number;
  median(numbers: readonly number[]): number;
}

const load = createRequire(import.meta.url);
export const { until, exitOf, registry, threadCount, median } = load(
  './fixtures/handshakes.cjs',
) as Handshakes;
