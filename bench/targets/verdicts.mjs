// Whether a target was met: its claims beside what was measured.
import { median } from '../report/statistics.mjs';

const UNKNOWN = 'cause not known yet';

/**
 * One line a claim. `measured` holds entries with `name` and `values`, by scenario; `causeOf` finds sentences by row
 * and `nameOf`.
 * @param {any[]} targets
 * @param {any} measured
 * @param {(row: string, name: string) => string | undefined} [causeOf]
 */
export function verdicts(targets, measured, causeOf = () => undefined) {
  return targets.flatMap(({ row, claims }) =>
    claims.map((claim) => {
      const line = { row, ...judge(claim, measured) };
      return line.verdict === 'MISSED' ? { ...line, cause: causeOf(row, nameOf(line)) ?? UNKNOWN } : line;
    }),
  );
}

/** A claim's name: its row, and its target as the table says it. */
export function nameOf({ row, target }) {
  return `${row}: ${target}`;
}

function judge(claim, measured) {
  const of = bestOf(claim.of, claim.better, measured);
  if (claim.against === undefined) {
    const target = `${claim.words ?? claim.of.names.join(', ')}: <= ${claim.atMost} ${claim.unit}`;
    if (of === undefined) return { target, verdict: 'not measured' };
    return { target, reached: of.figure, unit: claim.unit, verdict: told(of.figure <= claim.atMost) };
  }
  const bound = claim.atLeast === undefined ? `<= ${short(claim.atMost)}` : `>= ${short(claim.atLeast)}`;
  const target = `${bound} x ${claim.words}`;
  const against = bestOf(claim.against, claim.better, measured);
  if (of === undefined || against === undefined) return { target, verdict: 'not measured' };
  const reached = of.figure / against.figure;
  const met = claim.atLeast === undefined ? reached <= claim.atMost : reached >= claim.atLeast;
  return { target, reached, of: of.name, against: against.name, verdict: told(met) };
}

function told(met) {
  return met ? 'met' : 'MISSED';
}

function short(number) {
  return Number(number.toFixed(2));
}

/**
 * The one of the best median among those that were measured; and that median, or the median of another `figure` of the
 * same one, which is then the price of being the best.
 */
function bestOf({ scenario, names, figure = 'values' }, better, measured) {
  const found = (measured[scenario] ?? [])
    .filter(({ name }) => names.includes(name))
    .map((entry) => ({ entry, value: median(entry.values) }));
  if (found.length === 0) return undefined;
  const { entry } = found.reduce((one, other) =>
    better(one.value, other.value) === other.value && other.value !== one.value ? other : one,
  );
  return { name: entry.name, figure: median(entry[figure]) };
}
