// Five hundred workers die in one process, and nothing of them is left.
import { expect, test } from 'vitest';
import { answerOf } from '../process/child';

interface Answer {
  readonly deaths: number;
  /** The resident memory after a hundred deaths, and after five hundred. */
  readonly early: number;
  readonly late: number;
  readonly threadsBefore: number;
  readonly threadsAfter: number;
  readonly registry: { channels: number; ends: number; tickets: number; environments: number } | undefined;
}

const fixture = new URL('fixtures/many-deaths.cjs', import.meta.url);
const growth = ({ early, late }: Answer): number => late / early;
const tell = (answer: Answer): string =>
  `${Math.round(answer.early / 2 ** 20)} -> ${Math.round(answer.late / 2 ** 20)} MiB`;

test('500 deaths in one process: no crash, memory level, registry empty, threads gone', async () => {
  // A young generation of one size: the engine's own grows and shrinks by 4 MB, as much as is looked for here.
  const flags = ['--expose-gc', '--max-semi-space-size=1'];
  const run = (what: string): Promise<Answer> => answerOf(fixture, { args: [what], flags });
  const [control, answer] = await Promise.all([run('control'), run('millrace')]);
  console.log(`resident after 100 deaths and after 500: ${tell(answer)}; without millrace: ${tell(control)}`);
  for (const { deaths } of [answer, control]) expect(deaths).toBeGreaterThanOrEqual(500);
  // A tenth more, beside what the same deaths add where millrace was never loaded.
  expect(growth(answer)).toBeLessThanOrEqual(1.1 + Math.max(0, growth(control) - 1));
  expect(control.registry).toBeUndefined();
  expect(answer.registry).toEqual({ channels: 0, ends: 0, tickets: 0, environments: 1 });
  for (const { threadsBefore, threadsAfter } of [answer, control]) {
    expect(threadsAfter).toBeLessThanOrEqual(threadsBefore);
  }
}, 3_000_000);
