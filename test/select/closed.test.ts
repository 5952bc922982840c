// Go's rules for closed channels, as they hold here: what a panic is there is a ChannelClosedError, what `nil` is there is `never()`.
import { once } from 'node:events';

import {
  ChannelClosedError,
  type Receiver,
  type Sender,
  bounded,
  never,
  select,
  selectSync,
  sending,
  spawn,
  trySelect,
  unbounded,
} from 'millrace';
import { afterEach, describe, expect, test } from 'vitest';

import { until } from '../threads/handshakes';

const f64 = { codec: 'f64' } as const;
const rows: { name: string; capacity: number; make: () => [Sender<number>, Receiver<number>] }[] = [
  { name: 'bounded(0)', capacity: 0, make: () => bounded(0, f64) },
  { name: 'bounded(4)', capacity: 4, make: () => bounded(4, f64) },
  { name: 'unbounded', capacity: Infinity, make: () => unbounded(f64) },
];
const waiterUrl = new URL('fixtures/waiter.mjs', import.meta.url);
/** Each manner of waiting, and what it comes to when the channel closes. */
const manners = [
  ['recv', 'ERR_CHANNEL_CLOSED'],
  ['recvSync', 'ERR_CHANNEL_CLOSED'],
  ['recvMany', 'ERR_CHANNEL_CLOSED'],
  ['iteration', 'ended'],
  ['batches', 'ended'],
  ['select', 'closed case'],
  ['selectSync', 'closed case'],
] as const;

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const end of opened.splice(0)) end.close();
});

describe.each(rows)('$name', ({ capacity, make }) => {
  const open = () => {
    const ends = make();
    opened.push(...ends);
    return ends;
  };

  test('a receive from a closed channel gives what was sent before, in order, and then says closed', () => {
    const [tx, rx] = open();
    const count = Math.min(capacity, 3);
    for (let value = 0; value < count; value += 1) tx.trySend(value);
    tx.close();
    for (let value = 0; value < count; value += 1) {
      expect(selectSync({ rx })).toEqual({ key: 'rx', closed: false, value });
    }
    expect(selectSync({ rx })).toEqual({ key: 'rx', closed: true });
  });

  test('a receive from a closed channel never waits, however often it is asked', async () => {
    const [tx, rx] = open();
    tx.close();
    for (let times = 0; times < 3; times += 1) {
      expect(await select({ rx, never: never() })).toEqual({ key: 'rx', closed: true });
      expect(selectSync({ rx })).toEqual({ key: 'rx', closed: true });
      expect(trySelect({ rx })).toEqual({ key: 'rx', closed: true });
      expect(() => rx.tryRecv()).toThrow(ChannelClosedError);
    }
  });

  test('a send on a closed channel fails at once, and is a closed case of a select', async () => {
    const [tx, rx] = open();
    rx.close();
    expect(() => tx.trySend(1)).toThrow(ChannelClosedError);
    expect(() => tx.sendSync(1)).toThrow(ChannelClosedError);
    await expect(tx.send(1)).rejects.toThrow(ChannelClosedError);
    for (const op of [trySelect({ out: sending(tx, 1) }), await select({ out: sending(tx, 1) })]) {
      expect(op).toEqual({ key: 'out', closed: true });
    }
  });

  test('closing again does nothing, and neither does ending again', () => {
    const [tx, rx] = open();
    tx.end();
    tx.end();
    tx.close();
    tx.close();
    expect(rx.isClosed).toBe(true);
    rx.close();
    rx.close();
  });

  test('a receiver that never gives anything leaves the others to be chosen', async () => {
    const [tx, rx] = open();
    const off = never<number>();
    expect(trySelect({ off, rx })).toEqual({ key: undefined });
    const pending = select({ off, rx });
    tx.trySend(1);
    expect(await pending).toEqual({ key: 'rx', closed: false, value: 1 });
  });

  test('closing wakes every receiver that waits, in whichever thread and manner', async () => {
    const [tx, rx] = open();
    const workers = manners.map(([manner]) => spawn(waiterUrl, { manner, rx: rx.clone() }));
    const answers = workers.map(async (worker) => (await once(worker, 'message'))[0] as unknown);
    await until(() => tx.stats().waitingReceivers === manners.length, 'all of them wait');
    tx.close();
    expect(await Promise.all(answers)).toEqual(manners.map(([, answer]) => answer));
  });

  test('one message wakes one of those who wait, the others stay where they are', async () => {
    const [tx, rx] = open();
    const workers = ['select', 'select', 'recv'].map((manner) =>
      spawn(waiterUrl, { manner, rx: rx.clone() }),
    );
    const answers = workers.map(async (worker) => (await once(worker, 'message'))[0] as unknown);
    await until(() => tx.stats().waitingReceivers === workers.length, 'all of them wait');
    tx.trySend(7);
    await Promise.race(answers);
    expect(tx.stats()).toMatchObject({ sent: 1, received: 1, waitingReceivers: workers.length - 1 });
    tx.close();
    const given = (await Promise.all(answers)).filter((answer) => answer === 'a value' || answer === 7);
    expect(given).toHaveLength(1);
  });
});
