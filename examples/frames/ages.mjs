/** How old frames were, told in three figures. */

/** The figures of at least one age; sorts what it is given. */
export function summarize(ages) {
  const last = ages.sort((a, b) => a - b).at(-1);
  if (last === undefined) return undefined;
  const rank = (share) => ages[Math.ceil(ages.length * share) - 1] ?? last;
  return { p50: rank(0.5), p99: rank(0.99), max: last };
}
