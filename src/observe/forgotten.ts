/** Telling of what the garbage collector found that should have been given back: once of a kind in the process. */
import { binding } from '../border/binding.js';
import { setTimeout } from '../event-loop/runtime.js';

/** What is wrong, for a process warning. */
interface Finding {
  readonly text: string;
  readonly code: keyof typeof kinds;
  readonly detail: string;
}

/** What can be found, by the number that the process knows it by. */
const kinds = { MILLRACE_UNCLOSED: 0, MILLRACE_UNDISPOSED: 1, MILLRACE_UNANSWERED: 2, MILLRACE_UNSETTLED: 3 };

/** How much later it is told, in milliseconds: longer than a thread takes to end that has nothing left to do. */
const delay = 100;

/** What this thread has found: it asks the process once. */
const found = new Set<string>();

/**
 * Warns, a little later: a thread that is ending gives everything back by itself, and its loop does not wait for
 * this timer.
 */
export function warnOnce({ text, code, detail }: Finding): void {
  if (found.has(code)) return;
  found.add(code);
  const type = 'MillraceWarning';
  const tell = () => {
    if (binding.firstToTell(kinds[code])) process.emitWarning(text, { type, code, detail });
  };
  setTimeout(tell, delay).unref();
}
