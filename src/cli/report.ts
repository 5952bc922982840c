/** The demo's last words: what each way cost, side by side, and what was proved. */
import type { Cost } from './meter';
import type { Proof } from './proof';

export interface Run {
  readonly name: string;
  readonly cost: Cost;
}

/** A table with a column for every run. */
export function table(bytes: number, runs: readonly Run[]): string {
  const facts: [name: string, (cost: Cost) => string][] = [
    ['throughput', ({ seconds }) => `${megabytes(bytes / seconds)}/s`],
    ['time', ({ seconds }) => `${seconds.toFixed(2)} s`],
    ['handing over, all threads', ({ handover }) => `${handover.toFixed(1)} ms`],
    ['peak queued bytes', ({ queued }) => megabytes(queued)],
    ['peak memory', ({ memory }) => megabytes(memory)],
    ['  grown by the run', ({ growth }) => megabytes(growth)],
  ];
  const rows = [
    ['', ...runs.map(({ name }) => name)],
    ...facts.map(([name, tell]) => [name].concat(runs.map(({ cost }) => tell(cost)))),
  ];
  return layOut(rows);
}

/** Rows of as many cells each, as lines: the first column to the left, the figures to the right. */
export function layOut(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) => row.map((cell, column) => align(cell, column, widths)).join('  ')).join('\n');
}

/** How the table's figures were had. */
export const legend = `handing over: inside the calls that send, post and receive, waiting left out (an event that brings a message
is no call); queued: in both channels, or posted and not yet back; memory: resident, the whole process, of
which the second run finds some at hand`;

/** What was proved of what came back. */
export function verdict({ bytes, chunks, digest }: Proof): string {
  return `Proved: ${bytes} bytes in ${chunks} chunks came back once each and in order, each way.\nsha256 ${digest}`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function align(cell: string, column: number, widths: readonly number[]): string {
  const width = widths[column] ?? 0;
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}
