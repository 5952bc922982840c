/**
 * `MILLRACE_TRACE=1`: where ends were made is remembered, and the process tells on standard error which are still open
 * when it ends, or when a channel stands still.
 */
import { dirname } from 'node:path';
import { isMainThread } from 'node:worker_threads';

import { binding } from '../border/binding.js';

/** The most calls that are remembered of a stack. */
const deepest = 20;

const isTracing = process.env['MILLRACE_TRACE'] === '1';

if (isTracing) {
  binding.trace();
  if (isMainThread) process.on('exit', () => binding.tellOpen());
}

/** Remembers that a handle is made here, if that is wanted. */
export function remember(handle: number): void {
  if (isTracing) binding.madeAt(handle, here());
}

/** The calls that led here, without our own and the runtime's. */
function here(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = deepest;
  const { stack } = new Error('here');
  Error.stackTraceLimit = stackTraceLimit;
  const others = [dirname(__dirname), 'node:internal', '(<anonymous>)'];
  // Whoever has taken over how stacks look may have made it anything.
  return String(stack)
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .filter((line) => !others.some((other) => line.includes(other)))
    .join('\n');
}
