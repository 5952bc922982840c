// 100,000 random calls, on the main thread and three workers that are started and ended all the time. The seed
// is printed; MILLRACE_FUZZ_SEED repeats it, as far as the timing of threads lets it.
import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { answerOf } from '../process/child';

interface Answer {
  readonly calls: number;
  /** Calls and successes of each verb. */
  readonly verbs: Readonly<Record<string, readonly [number, number]>>;
  /** Workers started. */
  readonly lives: number;
  /** Channels whose figures were balanced. */
  readonly channels: number;
  /** Those of which the run itself saw every message. */
  readonly exact: number;
  readonly sums: Readonly<
    Record<'sent' | 'received' | 'dropped' | 'skipped' | 'discarded' | 'length', number>
  >;
  readonly left: { channels: number; ends: number; tickets: number; environments: number };
  readonly faults: readonly string[];
}

const calls = 100_000;
const seed = Number(process.env['MILLRACE_FUZZ_SEED'] ?? randomInt(2 ** 31));

test('100,000 random calls: no crash, nothing lost, nothing twice, nothing left', async () => {
  console.log(`fuzz: MILLRACE_FUZZ_SEED=${seed}`);
  const answer = await answerOf<Answer>(new URL('fixtures/fuzz.cjs', import.meta.url), {
    args: [String(seed), String(calls)],
  });
  const counts = Object.entries(answer.verbs);
  const successes = counts.reduce((sum, [, [, succeeded]]) => sum + succeeded, 0);
  console.log(
    `fuzz: ${answer.calls} calls, ${Math.round((100 * successes) / answer.calls)} % succeeded; ${answer.lives} workers, ` +
      `${answer.channels} channels (${answer.exact} seen whole), ${answer.sums.sent} messages\n` +
      counts.map(([verb, [called, succeeded]]) => `${verb} ${succeeded}/${called}`).join(', '),
  );
  expect(answer.faults).toEqual([]);
  expect(answer.calls).toBeGreaterThanOrEqual(calls);
  for (const [verb, [called]] of counts) expect(called, verb).toBeGreaterThanOrEqual(answer.calls / 100);
  expect(successes).toBeGreaterThanOrEqual(0.3 * answer.calls);
  expect(answer.lives).toBeGreaterThanOrEqual(10);
  expect(answer.exact).toBeGreaterThanOrEqual(100);
  const { sent, received, dropped, skipped, discarded, length } = answer.sums;
  expect(sent).toBeGreaterThan(0);
  expect(received + dropped + skipped + discarded + length).toBe(sent);
  expect(answer.left).toEqual({ channels: 0, ends: 0, tickets: 0, environments: 1 });
});
