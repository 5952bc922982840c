// Blocking calls of an asynchronous worker by synckit.
import { fileURLToPath } from 'node:url';
import { createSyncFn } from 'synckit';
import { blocking } from './calls.mjs';

const workerFile = fileURLToPath(new URL('synckit-worker.mjs', import.meta.url));

export async function open(scenario) {
  const ask = createSyncFn(workerFile);
  // Its worker is unref'd, and ends with the process.
  return blocking(scenario, { call: (bytes) => ask(bytes, scenario.size), close: () => undefined });
}
