/** How old frames were, told in three figures. */

export interface Ages {
  /** Milliseconds: half of the frames were no older. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** The figures of at least one age; sorts what it is given. */
export function summarize(ages: number[]): Ages | undefined {
  const last = ages.sort((a, b) => a - b).at(-1);
  if (last === undefined) return undefined;
  const rank = (share: number) => ages[Math.ceil(ages.length * share) - 1] ?? last;
  return { p50: rank(0.5), p99: rank(0.99), max: last };
}
