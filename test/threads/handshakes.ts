// The fixtures' handshakes, for tests.
import { createRequire } from 'node:module';

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
  registry(): Registry;
  threadCount(): number;
  median(numbers: readonly number[]): number;
}

const load = createRequire(import.meta.url);
export const { until, registry, threadCount, median } = load('./fixtures/handshakes.cjs') as Handshakes;
