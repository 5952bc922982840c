/**
 * How this thread ends: its exit code, and what it threw. Native code learns it here while JavaScript runs; a thread that
 * is terminated, or reaches its memory limit, runs none, and what was never told says so.
 *
 * All copies of the package in a thread share two listeners, which hold none of them: a copy that its loader drops is
 * collected.
 */
import { isMainThread } from 'node:worker_threads';

import { encodeError } from '../errors/travel.js';
import { binding } from './binding.js';
import { type Copy, hear } from './thread-end-listeners.js';

const key = Symbol.for('millrace.copies');

/** Has native code learn how this thread ends. */
export function followThreadEnd(): void {
  // The main thread ends with its process, and nobody is left to hear of it.
  if (isMainThread) return;
  // Others say too little of a thread's end: there, none is taken for a death.
  if (process.versions['bun'] !== undefined || process.versions['deno'] !== undefined) return;
  const mine = binding as typeof binding & Copy;
  // As an own property it lives as long as the binding does, whatever a bundler makes of this module.
  mine.threadEnds = (code, thrown) => {
    binding.tellEnding(code, thrown === undefined ? undefined : encodeError(thrown.error));
  };
  const shared = process as typeof process & { [key]?: Set<WeakRef<Copy>> };
  if (shared[key] === undefined) {
    const copies = new Set<WeakRef<Copy>>();
    Object.defineProperty(shared, key, { value: copies });
    hear(copies);
  }
  const copies = shared[key] as Set<WeakRef<Copy>>;
  for (const copy of copies) if (copy.deref() === undefined) copies.delete(copy);
  copies.add(new WeakRef(mine));
  binding.followEnding();
}
