// Waiting for something that shows, without sleeping: it is looked at once per turn of the event loop.
import { setImmediate } from 'node:timers/promises';

/** Resolves when `holds` answers true; rejects when it has not done so for `patience` milliseconds. */
export async function until(holds: () => boolean, what: string, patience = 25_000): Promise<void> {
  const end = performance.now() + patience;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`it did not happen that ${what}`);
    await setImmediate();
  }
}

/** Lets `count` turns of the event loop pass. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await setImmediate();
}
