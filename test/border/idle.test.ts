// What it costs to await something that does not come: nothing, as for a message port.
import { expect, test } from 'vitest';
import { answerOf } from '../process/child';

const shareOf = async (what: string): Promise<number> => {
  const { share } = await answerOf<{ share: number }>(new URL('fixtures/idle.cjs', import.meta.url), {
    args: [what],
  });
  return share;
};

test.each(['recv', 'send', 'iteration', 'select', 'recv after traffic'])(
  'a thread that awaits for seconds takes less than a hundredth of a core: %s',
  async (what) => {
    const [share, control] = await Promise.all([shareOf(what), shareOf('port')]);
    const percent = (part: number): string => `${(part * 100).toFixed(2)} %`;
    console.log(`${what}: ${percent(share)} of a core; a message port: ${percent(control)}`);
    expect(share).toBeLessThan(0.01 + control);
  },
);
