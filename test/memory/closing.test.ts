// Closing a channel with a long queue: told exactly and at once, freed beside the event loop, which goes on.
import { expect, test } from 'vitest';
import { answerOf } from '../process/child';

interface Answer {
  /** The longest turn of the loop while the queue was closed and freed, in the round that was disturbed least, in milliseconds. */
  readonly turn: number;
  /** The same of a loop beside nothing. */
  readonly control: number;
  /** Of each round: what the verb answered, and the channel's length, bytes and discarded messages afterwards. */
  readonly counts: readonly (readonly [number, number, number, number])[];
}

const fixture = new URL('fixtures/closing.cjs', import.meta.url);
const queues = [
  [1_000_000, 64],
  [100_000, 1024],
] as const;
const cases = queues.flatMap(([messages, bytes]) =>
  (['cancel', 'close'] as const).map((how) => ({ messages, bytes, how })),
);

test.each(cases)(
  '$how() with $messages messages of $bytes bytes holds no loop up',
  async ({ messages, bytes, how }) => {
    const answer = await answerOf<Answer>(fixture, { args: [String(messages), String(bytes), how] });
    console.log(
      `${how}: longest turn ${answer.turn.toFixed(1)} ms, beside nothing ${answer.control.toFixed(1)} ms`,
    );
    for (const counts of answer.counts) expect(counts).toEqual([messages, 0, 0, messages]);
    // A machine whose loop stands still by itself has more.
    expect(answer.turn).toBeLessThanOrEqual(Math.max(20, 5 * answer.control));
  },
);
