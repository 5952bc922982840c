// Workers end while they are rung: no crash, no ring lost, nothing left behind.
import { expect, test } from 'vitest';
import { fullLength } from '../full-length';
import { answerOf } from '../process/child';

interface Answer {
  readonly ended: number;
  /** How many workers' ends this thread heard of by its own bell. */
  readonly told: number;
  readonly sent: number;
  readonly rings: number;
  readonly descriptorsBefore: number;
  readonly descriptors: number;
  readonly registry: { channels: number; ends: number; tickets: number; environments: number };
}

const fixture = new URL('fixtures/rung-deaths.cjs', import.meta.url);

test('workers that end in every manner while they are rung: no crash, no ring lost, nothing left', async () => {
  const workers = fullLength(3000, 60);
  const answer = await answerOf<Answer>(fixture, { args: [String(workers)] });
  console.log(`${workers} workers were sent ${answer.sent} messages, and answered ${answer.rings} of them`);
  expect(answer).toMatchObject({ ended: workers, told: workers });
  expect(answer.rings).toBeGreaterThanOrEqual(workers);
  expect(answer.registry).toEqual({ channels: 0, ends: 0, tickets: 0, environments: 1 });
  expect(answer.descriptors).toBeLessThanOrEqual(answer.descriptorsBefore);
}, 3_000_000);
