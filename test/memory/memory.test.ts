// What a synchronous loop and an idle, blocked thread cost: memory that stays level, and hardly any time.
import { expect, test } from 'vitest';
import { answerOf } from '../process/child';

const fixture = new URL('fixtures/loops.cjs', import.meta.url);
const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);

test.each(['recvSync', 'tryRecv'])(
  '1,000 frames of 6 MB in a synchronous %s loop: under 300 MB',
  async (verb) => {
    const { peak, frames, wrong } = await answerOf<{ peak: number; frames: number; wrong: number }>(fixture, {
      args: ['frames', verb],
    });
    console.log(`peak resident memory of a ${verb} loop over 6 MB frames: ${mebibytes(peak)} MiB`);
    expect({ frames, wrong }).toEqual({ frames: 1000, wrong: 0 });
    expect(peak).toBeLessThan(300e6);
  },
);

test('a long synchronous loop of small messages does not grow', async () => {
  const { early, late } = await answerOf<{ early: number; late: number }>(fixture, { args: ['small'] });
  console.log(
    `resident memory after 0.2 and 2 million small messages: ${mebibytes(early)}, ${mebibytes(late)} MiB`,
  );
  expect(late).toBeLessThan(early * 1.2 + 16 * 2 ** 20);
});

test.each(['recvSync', 'sendSync'])('a worker blocked in %s and idle uses hardly any time', async (verb) => {
  const { cpu, wall } = await answerOf<{ cpu: number; wall: number }>(fixture, { args: ['idle', verb] });
  console.log(`blocked in ${verb}: ${((100 * cpu) / wall).toFixed(2)} % of a core`);
  expect(cpu / wall).toBeLessThan(0.05);
});
