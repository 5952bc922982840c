/** What was measured, for people or for programs. */
import type { WayName } from './ways';
import { ways } from './ways';

export interface Size {
  readonly label: string;
  readonly bytes: number;
}

export interface Result {
  readonly size: Size;
  readonly way: WayName;
  /** Messages a second, one a repetition. */
  readonly rates: readonly number[];
}

/** The last row is what the others are compared with. */
const baseline: WayName = 'copied';

/** The results of one size. */
export function table(size: Size, results: readonly Result[]): string {
  const compared = median(results.find(({ way }) => way === baseline)?.rates ?? []);
  const rows = results.map(({ way, rates }) => {
    const rate = median(rates);
    return [
      ways[way].title,
      amount(rate),
      `${amount(Math.min(...rates))} - ${amount(Math.max(...rates))}`,
      `${amount((rate * size.bytes) / 1e6)} MB/s`,
      `${(rate / compared).toFixed(1)} x`,
    ];
  });
  const all = [[size.label, 'messages/s', 'least - most', '', 'to copied'], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  const align = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return all.map((row) => row.map(align).join('  ')).join('\n');
}

export function json(results: readonly Result[]): string {
  const told = results.map(({ size, way, rates }) => ({ size: size.bytes, way: ways[way].title, rates }));
  return JSON.stringify({ node: process.versions.node, results: told });
}

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** Three figures are as many as the spread allows. */
function amount(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-US');
}
