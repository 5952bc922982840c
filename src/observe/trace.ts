/**
 * `MILLRACE_TRACE=1`: where ends were made is remembered, and the process tells on standard error which are still open
 * when it ends, or when a channel stands still.
 */
import { dirname } from 'node:path';
import { isMainThread } from 'node:worker_threads';

import { binding } from '../border/binding.js';

/** The most calls that are remembered of a stack. */
const deepest = 20;

/** How a property is that anybody can change. */
const asGiven = { configurable: true, enumerable: true, writable: true };

const isTracing = process.env['MILLRACE_TRACE'] === '1';

if (isTracing) {
  binding.trace();
  if (isMainThread) process.on('exit', () => binding.tellOpen());
}

/** Remembers that a handle is made here, if that is wanted. Whatever becomes of it, the handle is made. */
export function remember(handle: number): void {
  if (!isTracing) return;
  try {
    binding.madeAt(handle, callsHere());
  } catch {
    // Whoever has taken over how stacks look may throw: it is not known where, and that is all.
  }
}

/** The calls that led here, without our own and the runtime's. */
export function callsHere(): string {
  const others = [dirname(__dirname), 'node:internal', '(<anonymous>)'];
  return stackOf(deepest)
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .filter((line) => !others.some((other) => line.includes(other)))
    .join('\n');
}

/** The stack as the program has it told, which may be anything; `depth` calls of it where their number can be changed. */
function stackOf(depth: number): string {
  const before = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit');
  // A plain value, or none: a frozen one stays as it is, and an accessor is the program's own.
  const changed =
    before?.get === undefined &&
    before?.set === undefined &&
    Reflect.defineProperty(Error, 'stackTraceLimit', { ...asGiven, value: depth });
  try {
    return String(new Error('here').stack);
  } finally {
    if (changed && before === undefined) Reflect.deleteProperty(Error, 'stackTraceLimit');
    else if (changed && before !== undefined) Reflect.defineProperty(Error, 'stackTraceLimit', before);
  }
}
