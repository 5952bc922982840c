/** The demo's words: why these verbs, what each way cost, side by side, and what was proved. */
import { layOut, megabytes } from '../columns';
import type { Cost } from '../meter';
import type { Proof } from './proof';
import { type Verbs, verbSets, verbsInWords } from './verbs';
import { type WayName, isOurs } from './ways';

export interface Run {
  readonly way: WayName;
  readonly name: string;
  /** One of each round. */
  readonly costs: readonly Cost[];
}

/** Which verbs are used, and why. */
export function reasons(verbs: readonly Verbs[]): string {
  const used = verbs.map((each) => {
    const { name, uses, why } = verbsInWords[each];
    return `${name}: ${uses},\nbecause ${why}.`;
  });
  const others = verbSets.filter((each) => !verbs.includes(each));
  return [...used, ...(others.length > 0 ? [`Others: --verbs ${others.join(', ')}`] : [])].join('\n');
}

/** A table with a row for every run: medians, and of memory the most. */
export function table(bytes: number, runs: readonly Run[]): string {
  const rate = (seconds: number) => `${megabytes(bytes / seconds)}/s`;
  const facts: [name: string, (costs: readonly Cost[]) => string][] = [
    ['throughput', (costs) => rate(median(costs.map(({ seconds }) => seconds)))],
    ['handing over', (costs) => `${median(costs.map(({ handover }) => handover)).toFixed(1)} ms`],
    ['CPU', (costs) => `${median(costs.map(({ cpu }) => cpu)).toFixed(2)} s`],
    ['peak queued', (costs) => megabytes(Math.max(...costs.map(({ queued }) => queued)))],
    ['peak memory', (costs) => megabytes(Math.max(...costs.map(({ memory }) => memory)))],
  ];
  return layOut([
    ['', ...facts.map(([name]) => name)],
    ...runs.map(({ name, costs }) => [name, ...facts.map(([, tell]) => tell(costs))]),
  ]);
}

/** How the table's figures were had. */
export function legendOf(rounds: number): string {
  return `each in a process of its own, ${rounds} times in turn after one that does not count; medians; handing over: inside the
calls that send, post and receive, all threads, waiting left out (an event that brings a message is no call); CPU: of
all threads; queued: in both channels, or posted and not yet back; memory: resident, the whole process`;
}

/** Where millrace was ahead of the better postMessage, round by round: a line for each of millrace's rows. */
export function comparison(bytes: number, runs: readonly Run[]): string {
  if (bytes === 0) return 'An empty file: there is nothing to compare.';
  const posted = runs.filter(({ way }) => !isOurs(way));
  const better = (pick: (cost: Cost) => number): number[] => {
    const rows = posted.map(({ costs }) => costs.map(pick));
    return rows.reduce((one, other) => (median(other) < median(one) ? other : one));
  };
  const seconds = better((cost) => cost.seconds);
  const handover = better((cost) => cost.handover);
  const lines = runs
    .filter(({ way }) => isOurs(way))
    .map(({ name, costs }) => {
      const rates = costs.map((cost, round) => seconds[round]! / cost.seconds);
      const times = costs.map((cost, round) => cost.handover / handover[round]!);
      const spread = `${Math.min(...rates).toFixed(2)} to ${Math.max(...rates).toFixed(2)}`;
      return (
        `${name}: ${median(rates).toFixed(2)} x the throughput of the better postMessage (${spread}), ` +
        `${median(times).toFixed(2)} x its time handing over.`
      );
    });
  return lines.join('\n');
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** What was proved of what came back. */
export function verdict({ bytes, chunks, digest }: Proof): string {
  return `Proved: ${bytes} bytes in ${chunks} chunks came back once each and in order, each way.\nsha256 ${digest}`;
}
