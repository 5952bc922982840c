/** One worker of the benchmark: carries as many messages as it is told, and says when it began and ended. */
import { parentPort, workerData } from 'node:worker_threads';

import { type WayName, ways } from './ways';

export interface Task {
  readonly way: WayName;
  readonly side: 'send' | 'receive';
  readonly ends: unknown;
  readonly size: number;
  readonly window: number;
}

/** In nanoseconds, as `process.hrtime.bigint()` counts for all threads. */
export interface Span {
  readonly began: bigint;
  readonly ended: bigint;
}

const { way, side, ends, size, window } = workerData as Task;
const part = ways[way][side](ends, size, window);

parentPort?.on('message', async (count: number) => {
  parentPort?.postMessage('ready');
  const began = process.hrtime.bigint();
  await part(count);
  parentPort?.postMessage({ began, ended: process.hrtime.bigint() } satisfies Span);
});
parentPort?.postMessage('ready');
