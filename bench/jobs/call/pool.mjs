// Calls as piscina tasks.
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { awaiting } from './calls.mjs';

const filename = fileURLToPath(new URL('pool-worker.mjs', import.meta.url));

export async function open(scenario) {
  const pool = new Piscina({ filename, minThreads: 1, maxThreads: 1, workerData: scenario });
  return awaiting(scenario, { call: (bytes) => pool.run(bytes), close: () => pool.destroy() });
}
