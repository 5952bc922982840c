// inspect(): every open channel of the process, with its figures and who holds its ends.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import {
  after,
  bounded,
  channel,
  inspect,
  revoke,
  spawn,
  syncChannel,
  transfer,
  tripleBuffer,
  unbounded,
} from 'millrace';
import { afterEach, expect, test } from 'vitest';
import { exitOf, registry, until } from '../threads/handshakes';
import { answerOf } from '../process/child';

afterEach(async () => {
  await until(() => registry().environments === 1, 'the workers have left');
  expect(inspect()).toEqual([]);
});

test('every flavor is listed, in the order in which they were made, with the figures of stats()', () => {
  const pairs = [
    bounded(4, { label: 'one' }),
    unbounded(),
    syncChannel(0),
    channel(),
    tripleBuffer({ byteLength: 8 }),
  ];
  const listed = inspect();
  expect(listed.map(({ flavor }) => flavor)).toEqual(['bounded', 'unbounded', 'sync', 'channel', 'latest']);
  for (const [index, [tx]] of pairs.entries()) {
    const { ends, ...figures } = listed[index]!;
    expect(figures).toEqual(tx.stats());
    expect(ends).toEqual([
      { side: 'sender', thread: 0 },
      { side: 'receiver', thread: 0 },
    ]);
  }
  for (const end of pairs.flat()) end.close();
});

test('figures are those of the moment', async () => {
  const [tx, rx] = bounded(1, { codec: 'text', label: 'busy' });
  tx.trySend('one');
  const pending = tx.send('two');
  expect(inspect()).toMatchObject([{ label: 'busy', length: 1, bytes: 3, sent: 1, waitingSenders: 1 }]);
  expect([rx.tryRecv(), rx.tryRecv()]).toEqual(['one', 'two']);
  await pending;
  expect(inspect()).toMatchObject([{ received: 2, length: 0, waitingSenders: 0 }]);
  tx.close();
  rx.close();
});

test('ends come and go: clones, tickets, and those that were closed', () => {
  const [tx, rx] = bounded(1);
  const second = tx.clone();
  const ticket = transfer(rx);
  expect(inspect()).toMatchObject([
    {
      senders: 2,
      tickets: 1,
      ends: [
        { side: 'sender', thread: 0 },
        { side: 'sender', thread: 0 },
        { side: 'receiver', thread: 'ticket' },
      ],
    },
  ]);
  second.close();
  expect(inspect()[0]?.ends).toHaveLength(2);
  revoke(ticket);
  expect(inspect()[0]?.ends).toEqual([{ side: 'sender', thread: 0 }]);
  tx.close();
  expect(inspect()).toEqual([]);
});

test('a channel is open as long as it has an end, whether it is closed or not', () => {
  const [tx, rx] = bounded(4, { codec: 'text' });
  tx.trySend('to be drained');
  tx.close();
  expect(inspect()).toMatchObject([{ senders: 0, receivers: 1, length: 1 }]);
  rx.close();
});

test('timers are left out', () => {
  const timer = after(1000);
  expect(inspect()).toEqual([]);
  timer.close();
});

test('ends of another thread are listed with its threadId, and one thread sees what another has', async () => {
  const [tx, rx] = bounded(1, { label: 'shared' });
  const worker = spawn(new URL('fixtures/looks.cjs', import.meta.url), { rx });
  const [theirs] = (await once(worker, 'message')) as [unknown];
  expect(theirs).toMatchObject([
    {
      label: 'shared',
      ends: [
        { side: 'sender', thread: 0 },
        { side: 'receiver', thread: worker.threadId },
      ],
    },
    {
      label: 'of the worker',
      ends: [
        { side: 'sender', thread: worker.threadId },
        { side: 'receiver', thread: worker.threadId },
      ],
    },
  ]);
  expect(inspect()).toEqual(theirs);
  const ended = exitOf(worker);
  worker.postMessage('end');
  await ended;
  await until(() => inspect().length === 1, 'the thread has given its ends up');
  expect(inspect()[0]?.ends).toEqual([{ side: 'sender', thread: 0 }]);
  tx.close();
});

test('looking while other threads make and close channels finds only whole ones', async () => {
  const worker = new Worker(new URL('fixtures/comes-and-goes.cjs', import.meta.url));
  try {
    await once(worker, 'message');
    // On a busy machine the worker may not run for a while.
    const latest = performance.now() + 60_000;
    let most = 0;
    for (let look = 0; look < 2000 || (most === 0 && performance.now() < latest); look += 1) {
      const listed = inspect();
      most = Math.max(most, listed.length);
      for (const { label, flavor, ends } of listed) {
        expect([label, flavor]).toEqual(['passing', 'bounded']);
        expect(ends.length).toBeGreaterThan(0);
      }
    }
    expect(most).toBeGreaterThan(0);
  } finally {
    await worker.terminate();
  }
});

test('without tracing nothing says where an end was made', () => {
  const [tx, rx] = bounded(1);
  expect(inspect()[0]?.ends.some((end) => 'madeAt' in end)).toBe(false);
  tx.close();
  rx.close();
});

test('traced, each end says where it was made: made, cloned or attached', async () => {
  const made = await answerOf<string[][]>(new URL('fixtures/traced.cjs', import.meta.url), {
    env: { MILLRACE_TRACE: '1' },
  });
  const first = made.map(([line]) => line);
  expect(first).toEqual([
    expect.stringMatching(/^at makes .*traced\.cjs:\d+:\d+/),
    expect.stringMatching(/^at clones .*traced\.cjs:\d+:\d+/),
    expect.stringMatching(/^at attaches .*traced\.cjs:\d+:\d+/),
  ]);
  for (const line of made.flat()) expect(line).not.toMatch(/node:internal|[\\/]dist[\\/]/);
});
