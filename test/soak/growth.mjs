// Whether memory is level: looked at after forced collection while nobody works, from the first minute on.
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../../bench/report/statistics.mjs';

/** Seconds in which memory may still find its level. */
export const SETTLING = 60;
/** By how much it may grow from then on, and what is too little to count. */
const MOST = 0.05;
const LITTLE = 2 ** 20;

/** What the process holds once all has been collected, and pools have given back what lay idle. */
export async function lookAtMemory() {
  // Finalizers run between turns, and free blocks go back after a second.
  for (let round = 0; round < 6; round++) {
    globalThis.gc();
    await sleep(250);
  }
  const { rss, external } = process.memoryUsage();
  return { rss, external };
}

/** `looks`: { at, rss, external } in order of time. Answers how the last third lies to the first one, once it settled. */
export function growthOf(looks, figure) {
  const later = looks.filter(({ at }) => at >= SETTLING).map((look) => look[figure]);
  if (later.length < 3) return undefined;
  const third = Math.floor(later.length / 3);
  const [before, after] = [median(later.slice(0, third)), median(later.slice(-third))];
  const hasGrown = after > before * (1 + MOST) && after - before > LITTLE;
  return { before, after, hasGrown };
}
