/** The demo's words: why these verbs, what each way cost, side by side, and what was proved. */
import { layOut, megabytes } from '../columns';
import type { Cost } from '../meter';
import type { Proof } from './proof';
import { type Verbs, verbSets, verbsInWords } from './verbs';
import { type WayName, isOurs } from './ways';

export interface Run {
  readonly way: WayName;
  readonly name: string;
  readonly cost: Cost;
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

/** A table with a row for every run. */
export function table(bytes: number, runs: readonly Run[]): string {
  const facts: [name: string, (cost: Cost) => string][] = [
    ['throughput', ({ seconds }) => `${megabytes(bytes / seconds)}/s`],
    ['handing over', ({ handover }) => `${handover.toFixed(1)} ms`],
    ['CPU', ({ cpu }) => `${cpu.toFixed(2)} s`],
    ['peak queued', ({ queued }) => megabytes(queued)],
    ['peak memory', ({ memory }) => megabytes(memory)],
  ];
  return layOut([
    ['', ...facts.map(([name]) => name)],
    ...runs.map(({ name, cost }) => [name, ...facts.map(([, tell]) => tell(cost))]),
  ]);
}

/** How the table's figures were had. */
export const legend = `each in a process of its own; handing over: inside the calls that send, post and receive, all threads, waiting left
out (an event that brings a message is no call); CPU: of all threads; queued: in both channels, or posted and not
yet back; memory: resident, the whole process`;

/** Where millrace was ahead, row by row of the table. */
export function comparison(runs: readonly Run[]): string {
  const posted = runs.filter(({ way }) => !isOurs(way)).map(({ cost }) => cost);
  const seconds = Math.min(...posted.map(({ seconds }) => seconds));
  const handover = Math.min(...posted.map(({ handover }) => handover));
  const lines = runs
    .filter(({ way }) => isOurs(way))
    .map(({ name, cost }) => {
      const rate = seconds / cost.seconds;
      const time = cost.handover / handover;
      return `${name}: ${rate.toFixed(2)} x the throughput of the better postMessage, ${time.toFixed(2)} x its time handing over.`;
    });
  return lines.join('\n');
}

/** What was proved of what came back. */
export function verdict({ bytes, chunks, digest }: Proof): string {
  return `Proved: ${bytes} bytes in ${chunks} chunks came back once each and in order, each way.\nsha256 ${digest}`;
}
