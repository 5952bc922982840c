/**
 * The clock and the timers of the runtime, taken once, when the package is loaded: a program may replace them
 * afterwards (fake timers, a frozen clock, patched `node:timers`), and nothing of ours may wait for that.
 */
import { performance } from 'node:perf_hooks';
import * as timers from 'node:timers';

export const { clearTimeout, setImmediate, setTimeout } = timers;

/** Milliseconds since this thread began, as `performance.now()` counts them. Taken from the prototype: fake clocks are laid over it. */
export const timeNow: () => number = (Object.getPrototypeOf(performance) as Performance).now.bind(
  performance,
);
