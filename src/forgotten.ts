/** Telling of what the garbage collector found that should have been given back: once of a kind in each thread. */
import { setTimeout } from 'node:timers';

/** What is wrong, for a process warning. */
interface Finding {
  readonly text: string;
  readonly code: string;
  readonly detail: string;
}

/** How much later it is told, in milliseconds: longer than a thread takes to end that has nothing left to do. */
const delay = 100;

const told = new Set<string>();

/**
 * Warns, a little later: a thread that is ending gives everything back by itself, and its loop does not wait for
 * this timer.
 */
export function warnOnce({ text, code, detail }: Finding): void {
  if (told.has(code)) return;
  told.add(code);
  const type = 'MillraceWarning';
  setTimeout(() => process.emitWarning(text, { type, code, detail }), delay).unref();
}
