// Threads that answer each other where there is no core for each: spinning by default costs nothing there.
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { answerOf } from '../process/child';

const hasTaskset = ((): boolean => {
  try {
    execFileSync('taskset', ['--version']);
    return true;
  } catch {
    return false;
  }
})();

/** Microseconds of half of all round trips at most, by how the channels spin. */
interface Answer {
  readonly byDefault: number;
  readonly unspun: number;
}

const fixture = new URL('fixtures/crowded.cjs', import.meta.url);
const tell = ({ byDefault, unspun }: Answer): string =>
  `${byDefault.toFixed(1)} us by default, ${unspun.toFixed(1)} without spinning`;

test.each(['4 busy threads beside', ...(hasTaskset ? ['all on one core'] : [])])(
  'a round trip takes by default about what it takes without spinning: %s',
  async (how) => {
    const answer = await answerOf<Answer>(fixture, { args: [how] });
    console.log(`${how}: ${tell(answer)}`);
    // Ten to twenty times as long where each spins in the other's way.
    expect(answer.byDefault).toBeLessThan(4 * answer.unspun + 20);
  },
);
