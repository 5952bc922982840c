// What moving costs in memory: nothing, however long it goes on; and memory that nobody sends comes back.
import { expect, test } from 'vitest';

import { fullLength } from '../full-length';
import { answerOf } from '../process/child';

const fixture = new URL('fixtures/memory.cjs', import.meta.url);
const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);
const count = fullLength(10_000, 1000);

interface Figures {
  readonly early: number;
  readonly peak: number;
}

async function figuresOf(scene: string): Promise<object> {
  const flags = ['--expose-gc'];
  const { early, peak, ...rest } = await answerOf<Figures>(fixture, { args: [scene, String(count)], flags });
  console.log(`${scene}, ${count} times 1 MB: ${mebibytes(early)} MiB, at most ${mebibytes(peak)} MiB`);
  // 1 MB that each of 900 left behind would be 858 MiB; what the collector has not found yet is far less.
  expect(peak - early).toBeLessThan(300 * 2 ** 20);
  return rest;
}

test('memory from alloc that is never sent comes back by garbage collection', async () => {
  expect(await figuresOf('unsent')).toEqual({ out: 0 });
});

test('buffers that are moved between threads, and filled again, take no more memory than one round does', async () => {
  expect(await figuresOf('moved')).toEqual({ wrong: 0, exit: 0 });
});

test('messages that are lent to loops, forwarded, and kept and moved on, take no more than one does', async () => {
  expect(await figuresOf('lent')).toEqual({ wrong: 0, exit: 0 });
});
