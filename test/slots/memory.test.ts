// The memory of slots: there from the start, touched when asked for, and given back with the channel.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';
import { answerOf } from '../process/child';

const onLinux = test.runIf(process.platform === 'linux');
/** 128 slots of 1 MiB. */
const all = 128;

onLinux.each(['prefault', 'untouched'])(
  '128 slots of 1 MiB, %s: resident when touched, gone with the channel',
  async (how) => {
    const fixture = new URL('fixtures/memory.cjs', import.meta.url);
    const answer = await answerOf<{ made: number; filled: number; whole: boolean }>(fixture, { args: [how] });
    const { made, filled, whole } = answer;
    console.log(`${how}: ${made.toFixed(0)} MiB once made, ${filled.toFixed(0)} MiB once filled`);
    if (how === 'prefault') expect(made).toBeGreaterThan(all * 0.9);
    else expect(made).toBeLessThan(all / 2);
    expect(filled).toBeGreaterThan(all * 0.9);
    // What a receiver kept outlives the channel, by itself.
    expect(whole).toBe(true);
  },
);

// `ulimit -v` is the shell's, and only Linux keeps to it.
onLinux('slots that memory cannot hold are a RangeError, and nothing is lost', () => {
  const script = fileURLToPath(new URL('fixtures/too-much.cjs', import.meta.url));
  const child = spawnSync('sh', ['-c', 'ulimit -v 3145728 && exec "$0" "$1"', process.execPath, script]);
  expect([child.stderr.toString(), child.signal, child.status]).toEqual(['', null, 0]);
  const { channels, spares } = JSON.parse(child.stdout.toString()) as Record<string, number>;
  expect(channels).toBeGreaterThan(0);
  expect(spares).toBeGreaterThan(0);
});
