// The laws of a broadcast: who gets what, who waits for whom, and receivers that come and go.
import { inspect as show } from 'node:util';
import { threadId } from 'node:worker_threads';

import {
  attach,
  bounded,
  broadcast,
  type BroadcastReceiver,
  inspect,
  revoke,
  select,
  sending,
  toReadable,
  toWritable,
  transfer,
} from 'millrace';
import { expect, test } from 'vitest';

import { failureOf } from '../misuse';

const text = { codec: 'text' } as const;
const number = { codec: 'f64' } as const;
const closed = expect.objectContaining({ code: 'ERR_CHANNEL_CLOSED' });
const drain = <T>(rx: BroadcastReceiver<T>): T[] => rx.tryRecvMany(1000);

test('every receiver gets every message that was accepted after its place, in one order', () => {
  const [tx, rx] = broadcast(8, number);
  const other = tx.clone();
  tx.trySend(1);
  const late = tx.subscribe();
  other.sendSync(2);
  tx.trySendMany([3, 4]);
  expect([rx.length, rx.isEmpty, late.length, tx.length]).toEqual([4, false, 3, 4]);
  expect([drain(rx), drain(late)]).toEqual([
    [1, 2, 3, 4],
    [2, 3, 4],
  ]);
  expect([rx.isEmpty, late.isEmpty, tx.isEmpty]).toEqual([true, true, true]);
  for (const end of [tx, other, rx, late]) end.close();
});

test('a send waits for the slowest receiver, whichever that is', async () => {
  const [tx, rx] = broadcast(2, number);
  const slow = rx.clone();
  expect(await tx.sendMany([1, 2])).toBe(2);
  expect([drain(rx), tx.isFull, tx.trySend(3), tx.trySendMany([3])]).toEqual([[1, 2], true, false, 0]);
  expect([await tx.send(3, { timeout: 2 }), tx.sendSync(3, { timeout: 2 })]).toEqual([false, false]);
  const pending = tx.sendMany([3, 4, 5]);
  expect(drain(rx)).toEqual([]);
  expect(slow.tryRecv()).toBe(1);
  expect(drain(rx)).toEqual([3]);
  expect(drain(slow)).toEqual([2, 3]);
  expect(await pending).toBe(3);
  expect([drain(rx), drain(slow)]).toEqual([
    [4, 5],
    [4, 5],
  ]);
  for (const end of [tx, rx, slow]) end.close();
});

test("lag 'skip': sends never wait, and a receiver that lags goes on with the oldest kept, counting what it missed", async () => {
  const [tx, rx] = broadcast(3, { ...number, lag: 'skip' });
  const quick = rx.clone();
  for (let value = 0; value < 10; value += 1) {
    await tx.send(value);
    expect(quick.recvSync()).toBe(value);
  }
  expect([rx.length, rx.skipped, quick.skipped]).toEqual([3, 7, 0]);
  expect([rx.tryRecv(), rx.skipped, tx.stats().skipped]).toEqual([7, 7, 7]);
  const clone = rx.clone();
  expect([drain(clone), clone.skipped]).toEqual([[8, 9], 0]);
  expect([rx.latest(), rx.skipped, rx.stats().skipped]).toEqual([9, 8, 8]);
  rx.close();
  expect([rx.skipped, tx.stats().skipped]).toEqual([8, 8]);
  for (const end of [tx, quick, clone]) end.close();
});

test('a receiver that waits is not behind', async () => {
  const [tx, rx] = broadcast(1, { ...number, lag: 'skip' });
  const received = [rx.recv(), rx.recv(), rx.recv()];
  expect(tx.trySendMany([1, 2, 3])).toBe(3);
  expect([await Promise.all(received), rx.skipped]).toEqual([[1, 2, 3], 0]);
  tx.close();
  rx.close();
});

test('clone goes on from the same place, subscribe from now on, the last ones first', () => {
  const [tx, rx] = broadcast(4, { ...number, replay: 2 });
  expect(drain(tx.subscribe())).toEqual([]);
  tx.trySendMany([1, 2, 3]);
  expect(rx.tryRecv()).toBe(1);
  const [clone, late] = [rx.clone(), tx.subscribe()];
  expect([drain(clone), drain(late), drain(rx)]).toEqual([
    [2, 3],
    [2, 3],
    [2, 3],
  ]);
  for (const receiver of [rx, clone, late]) receiver.close();
  tx.trySend(4);
  const last = tx.subscribe();
  expect(drain(last)).toEqual([3, 4]);
  last.close();
  tx.end();
  const afterEnd = tx.subscribe();
  expect([drain(afterEnd), afterEnd.isClosed]).toEqual([[3, 4], true]);
  afterEnd.close();
  tx.close();
});

test('a receiver that is closed or cancels holds nobody up, and concerns nobody else', async () => {
  for (const goes of ['close', 'cancel'] as const) {
    const [tx, rx] = broadcast(1, number);
    const slow = rx.clone();
    const waits = slow.clone();
    tx.trySend(1);
    expect([rx.tryRecv(), waits.tryRecv(), tx.isFull]).toEqual([1, 1, true]);
    const pending = tx.send(2);
    const received = waits.recv();
    if (goes === 'close') {
      slow.close();
    } else {
      expect([slow.cancel(), slow.cancel()]).toEqual([1, 0]);
      expect([slow.isClosed, rx.isClosed, tx.isClosed]).toEqual([true, false, false]);
      await expect(slow.recv()).rejects.toEqual(closed);
      expect(() => slow.tryRecv()).toThrow(closed);
      expect(await select({ slow })).toEqual({ key: 'slow', closed: true });
    }
    await pending;
    expect([await received, rx.tryRecv(), tx.stats().discarded]).toEqual([2, 2, 1]);
    const mine = waits.recv();
    waits.cancel();
    await expect(mine).rejects.toEqual(closed);
    for (const end of [tx, rx, slow, waits]) end.close();
  }
});

test('a receiver that cancels is told its own reason, and so are its waits and clones; nobody else is', async () => {
  const why = new RangeError('heard enough');
  const [tx, rx] = broadcast(4, number);
  const stays = rx.clone();
  const told = [rx.recv(), rx.recvMany(2)].map((wait) => failureOf(() => wait));
  const step = rx[Symbol.asyncIterator]().next();
  expect([rx.closeReason, rx.cancel(why), rx.cancel('late')]).toEqual([undefined, 0, 0]);
  const reason = { kind: 'cancelled', error: why, thread: threadId };
  const clone = rx.clone();
  for (const error of [...(await Promise.all(told)), await failureOf(() => clone.tryRecv())]) {
    expect(error).toMatchObject({ code: 'ERR_CHANNEL_CLOSED', cause: why });
    expect((error as Error).cause).toBeInstanceOf(RangeError);
  }
  expect(await step).toEqual({ value: undefined, done: true });
  expect([rx.closeReason, clone.closeReason]).toEqual([reason, reason]);
  expect([tx.closeReason, stays.closeReason, tx.trySend(1), stays.tryRecv()]).toEqual([
    undefined,
    undefined,
    true,
    1,
  ]);
  const back = attach(transfer(rx));
  tx.fail(new Error('later'));
  expect([back.closeReason, stays.closeReason?.kind, tx.closeReason?.kind]).toEqual([
    reason,
    'failed',
    'failed',
  ]);
  stays.cancel(why);
  expect(stays.closeReason?.kind).toBe('failed');
  for (const end of [tx, back, clone, stays]) end.close();
  expect(back.closeReason).toEqual(reason);
});

test('without receivers sends are accepted and discarded, and drained is at once', async () => {
  const [tx, rx] = broadcast(1, number);
  rx.close();
  for (let value = 0; value < 10; value += 1) await tx.send(value);
  await tx.drained();
  expect(tx.stats()).toMatchObject({ sent: 10, discarded: 10, length: 0, bytes: 0, receivers: 0 });
  expect(tx.isClosed).toBe(false);
  const late = tx.subscribe();
  tx.trySend(10);
  expect(drain(late)).toEqual([10]);
  tx.close();
  late.close();
});

test('drained waits for the slowest receiver', async () => {
  const [tx, rx] = broadcast(4, number);
  const slow = rx.clone();
  tx.trySend(1);
  expect(rx.tryRecv()).toBe(1);
  expect(await tx.drained({ timeout: 0 })).toBe(false);
  const drained = tx.drained();
  slow.close();
  await drained;
  tx.close();
  rx.close();
});

test('all senders gone: each receiver drains, then is closed', async () => {
  const [tx, rx] = broadcast(4, number);
  const [second, waits] = [rx.clone(), rx.clone()];
  tx.trySend(1);
  expect(waits.tryRecv()).toBe(1);
  const pending = waits.recv();
  tx.close();
  await expect(pending).rejects.toEqual(closed);
  const seen: number[] = [];
  for await (const value of second) seen.push(value);
  expect([seen, drain(rx), rx.isClosed, second.isClosed]).toEqual([[1], [1], true, true]);
  for (const end of [rx, second, waits]) end.close();
});

test('figures: each receiver is counted by itself', () => {
  const [tx, rx] = broadcast(4, { ...text, label: 'news' });
  const second = tx.subscribe();
  tx.trySendMany(['one', 'two']);
  rx.tryRecv();
  const figures = {
    flavor: 'broadcast',
    label: 'news',
    capacity: 4,
    sent: 2,
    received: 1,
    length: 2,
    bytes: 6,
  };
  expect(tx.stats()).toMatchObject({ ...figures, senders: 1, receivers: 2, highWater: 2 });
  const channel = inspect().find(({ label }) => label === 'news');
  expect(channel).toMatchObject({
    ...figures,
    ends: [{ side: 'sender' }, { side: 'receiver' }, { side: 'receiver' }],
  });
  expect(show(rx)).toBe("BroadcastReceiver<text> { broadcast, capacity 4, length 2, label 'news' }");
  for (const end of [tx, rx, second]) end.close();
  expect(second.stats()).toMatchObject({ received: 1, discarded: 1 });
});

test('select, streams and refs take its ends as those of any channel', async () => {
  const [tx, rx] = broadcast(4);
  const [streamed, forwarded] = [tx.subscribe(), tx.subscribe()];
  const [out, far] = bounded(4);
  expect(await select({ out: sending(tx, Uint8Array.of(1)) })).toEqual({ key: 'out', closed: false });
  expect(await select({ rx })).toEqual({ key: 'rx', closed: false, value: Uint8Array.of(1) });
  const ref = tx.sendRef(100_000);
  ref.bytes.fill(7);
  ref.trySend();
  const stream = toReadable(streamed, { objectMode: true });
  expect([forwarded.recvRefSync().tryForward(out), forwarded.tryRecvRef()!.tryForward(out)]).toEqual([
    true,
    true,
  ]);
  expect([far.tryRecv()!.length, far.tryRecv()!.length]).toEqual([1, 100_000]);
  const writable = toWritable(tx);
  writable.end(Uint8Array.of(9));
  const chunks: number[] = [];
  for await (const chunk of stream) chunks.push((chunk as Uint8Array).length);
  expect(chunks).toEqual([1, 100_000, 1]);
  expect((await rx.recv()).length).toBe(100_000);
  for (const end of [tx, rx, forwarded, out, far]) end.close();
});

test('tickets: a place goes with its ticket, and a reusable one marks none', async () => {
  const [tx, rx] = broadcast(2, { ...number, replay: 1 });
  tx.trySend(1);
  const posted = structuredClone(transfer({ rx, sender: tx.clone() }));
  expect([tx.trySend(2), tx.trySend(3)]).toEqual([true, false]);
  const there = attach(posted);
  const late = there.sender.subscribe();
  expect([drain(there.rx), there.sender.trySend(3), drain(late)]).toEqual([[1, 2], true, [2, 3]]);
  late.close();
  const reusable = transfer({ rx: there.rx }, { reusable: true });
  for (let value = 4; value < 10; value += 1) expect(tx.trySend(value)).toBe(true);
  const [one, other] = [attach(structuredClone(reusable)).rx, attach(structuredClone(reusable)).rx];
  expect([drain(one), other.recvSync()]).toEqual([[9], 9]);
  tx.trySend(10);
  expect([drain(one), drain(other)]).toEqual([[10], [10]]);
  expect([tx.stats().tickets, revoke(reusable)]).toEqual([1, 1]);
  const pending = one.recv();
  expect(() => transfer(one)).toThrow(expect.objectContaining({ code: 'ERR_CHANNEL_STATE' }));
  tx.trySend(11);
  await pending;
  for (const end of [tx, there.sender, one, other]) end.close();
});

test('a blocking verb that nobody could ever answer says so', () => {
  const [tx, rx] = broadcast(1, number);
  tx.trySend(1);
  const stuck = expect.objectContaining({ code: 'ERR_CHANNEL_STATE' });
  expect(() => tx.sendSync(2)).toThrow(stuck);
  rx.tryRecv();
  expect(() => rx.recvSync()).toThrow(stuck);
  tx.close();
  rx.close();
});

test('it has no batches, and what it is made with is read strictly', () => {
  const [tx, rx] = broadcast(1);
  expect(() => (tx as never as { batch(): void }).batch()).toThrow(TypeError);
  tx.close();
  rx.close();
  const make = broadcast as (...args: unknown[]) => unknown;
  for (const capacity of [0, -1, 1.5, 2 ** 23 + 1, NaN]) expect(() => make(capacity)).toThrow(RangeError);
  for (const capacity of ['1', undefined, null]) expect(() => make(capacity)).toThrow(TypeError);
  for (const replay of [-1, 3, 0.5]) expect(() => make(2, { replay })).toThrow(RangeError);
  const wrong = [
    { replay: '1' },
    { lag: 'drop' },
    { lag: 1 },
    { label: 1 },
    { maxBytes: 1 },
    { slotBytes: 1 },
  ];
  for (const options of wrong) expect(() => make(2, options)).toThrow(TypeError);
});
