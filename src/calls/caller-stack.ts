/**
 * Where an error of a call was waited for. Nothing is remembered when a call is made, which would cost more than the
 * call: who awaits is found when the error is made, by making it where the engine sees who awaits it.
 */
import { types } from 'node:util';

import { callsHere } from '../observe/trace.js';

/** Rejects the promise of `resolve` with what `make` makes, while the calls that await it are on the stack. */
export function rejectWhereAwaited(resolve: (value: unknown) => void, make: () => unknown): void {
  let open!: () => void;
  const gate = new Promise<void>((resolve) => (open = resolve));
  resolve(
    gate.then(() => {
      throw make();
    }),
  );
  // Once the promise is known to be awaited through the gate.
  queueMicrotask(open);
}

/** An error of another thread, with the calls of this one above its own. */
export function withCallerStack(error: unknown): unknown {
  if (!types.isNativeError(error) || typeof error.stack !== 'string') return error;
  const calls = here();
  if (calls === '') return error;
  const { stack } = error;
  const firstCall = stack.search(/\n\s+at /);
  const head = firstCall < 0 ? stack : stack.slice(0, firstCall);
  const theirs = firstCall < 0 ? '' : stack.slice(firstCall);
  const indented = calls.replaceAll(/^/gm, '    ');
  Object.defineProperty(error, 'stack', {
    value: `${head}\n${indented}\n    --- in the responder ---${theirs}`,
    writable: true,
    configurable: true,
    enumerable: false,
  });
  return error;
}

/** The calls that led here; whoever has taken over how stacks look may throw. */
function here(): string {
  try {
    return callsHere();
  } catch {
    return '';
  }
}
