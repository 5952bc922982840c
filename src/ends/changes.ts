/** Waiting for a value that is new to its reader: `changed` of an `Output` and of a `WatchReceiver`. */
import { Code, binding } from '../border/binding.js';
import { PendingDone, done } from '../event-loop/done.js';
import { readSyncWait, readWait } from '../event-loop/wait-options.js';
import type { EndState } from './end-state.js';

/** A pending `changed`. */
class PendingChange extends PendingDone {
  protected get verb(): string {
    return 'changed';
  }
}

/** Resolves when there is one. `end`: the handle, which is not to be garbage-collected meanwhile. */
export function changed(end: object, state: EndState, wait: unknown): Promise<unknown> {
  try {
    const options = readWait(wait);
    if (options.signal?.aborted === true) return Promise.reject(options.signal.reason);
    const result = binding.changed(state.handle);
    if (result === Code.ok) return done(state, options);
    if (result > Code.pending) throw state.failure('changed', result);
    return new PendingChange(Code.pending - result, end, state, options).begin();
  } catch (error) {
    return Promise.reject(state.told('changed', error));
  }
}

/** As `changed`, blocking. */
export function changedSync(state: EndState, wait: unknown): unknown {
  return state.named('changedSync', () => {
    const { timeout, timed } = readSyncWait(wait);
    const result = binding.changedSync(state.handle, timeout);
    if (result === Code.ok) return timed ? true : undefined;
    if (result === Code.nothing) return false;
    throw state.failure('changedSync', result);
  });
}
