// Refs and threads: handed over between workers, and held by threads that end in every way.
import { expect, test } from 'vitest';
import { answerOf } from '../process/child';

const fixture = new URL('fixtures/threads.cjs', import.meta.url);
const sceneOf = (...args: string[]) => answerOf(fixture, { args });

test('messages go in place through a chain of threads, whole and in order', async () => {
  expect(await sceneOf('chain')).toEqual({ whole: 300, closed: 'ERR_CHANNEL_CLOSED', exits: [0, 0] });
});

test.each(['terminate', 'exit', 'throw', 'return'])(
  'a thread that ends by %s gives its refs back; what it had received is not received again',
  async (how) => {
    expect(await sceneOf('death', how)).toEqual({
      left: 1,
      rest: [[1]],
      waitingSenders: 0,
      back: 1,
      whole: 50,
      ends: 0,
    });
  },
);

test('memory that a thread moved to another one outlives the thread and its refs', async () => {
  expect(await sceneOf('moved')).toEqual({ moved: 8, whole: 8, others: 64 });
});

test('a process ends with refs of every kind', async () => {
  expect(await sceneOf('exit')).toEqual({ refs: 3 });
});
