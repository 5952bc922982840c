// How one step is measured: so many calls in a row are one sample, what it needs is made before, and undone after.

/** Calls of one sample. */
export const CALLS = 256;

/**
 * A step is { name, title, calls, open }; `share`: one of its calls stands for so many. `open` answers { call, before, after, close }: `call(number)` is what is measured, the
 * others are not. Of a step that is `awaited`, each call is.
 */
export function addTo(bench, { name, calls = CALLS, awaited = false }, { call, before, after }) {
  // The time is taken by us, of all calls together.
  const sample = awaited ? () => timeAwaited(call, calls) : () => time(call, calls);
  bench.add(name, sample, { async: awaited, beforeEach: before, afterEach: after });
}

function time(call, calls) {
  const began = performance.now();
  for (let number = 0; number < calls; number++) call(number);
  return { overriddenDuration: performance.now() - began };
}

async function timeAwaited(call, calls) {
  const began = performance.now();
  for (let number = 0; number < calls; number++) await call(number);
  return { overriddenDuration: performance.now() - began };
}
