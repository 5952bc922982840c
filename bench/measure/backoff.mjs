// What a loop does that found the queue full or empty, before it tries again. Every peer that loops is measured with the
// best of these for it, found in the same search.

const cell = new Int32Array(new SharedArrayBuffer(4));
/** Milliseconds of a nap; the system makes it longer. */
const NAP = 0.05;

function idle(rounds) {
  for (let round = 0; round < rounds; round++) Atomics.load(cell, 0);
}

/** By name, from the most impatient on. */
const pauses = {
  none: () => undefined,
  short: () => idle(30),
  long: () => idle(500),
  nap: () => Atomics.wait(cell, 0, 0, NAP),
};

export const backoffs = Object.keys(pauses);

export function pauseOf(backoff) {
  return pauses[backoff];
}

/** How many times a blocking peer tries before it sleeps, by the same names. */
const triesBefore = { none: 0, short: 100, long: 2000, nap: 20_000 };

export function triesOf(backoff) {
  return triesBefore[backoff];
}
