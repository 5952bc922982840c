// Threads that are killed in the middle of a select: what was on its way to them goes to others, and nothing of theirs takes effect.
import { once } from 'node:events';

import { type Sender, bounded, channel, select, spawn, syncChannel, unbounded } from 'millrace';
import { expect, test } from 'vitest';

import { registry, until } from '../threads/handshakes';

const f64 = { codec: 'f64' } as const;
const midSelectUrl = new URL('fixtures/mid-select.mjs', import.meta.url);
const tickerUrl = new URL('fixtures/ticker.mjs', import.meta.url);
const tellerUrl = new URL('fixtures/teller.mjs', import.meta.url);

/** What the selects receive from, and a channel that their sends find full. */
const kinds = [
  ['bounded(16), and bounded(1)', () => bounded(16, f64), () => bounded(1, f64)],
  ['unbounded, and syncChannel(1)', () => unbounded(f64), () => syncChannel(1, f64)],
  ['bounded(0), and syncChannel(0)', () => bounded(0, f64), () => syncChannel(0, f64)],
] as const;

test.each(kinds)(
  '%s: what selects of a killed thread were handed goes to the next, in order',
  async (_, make, makeFull) => {
    const [firstTx, first] = make();
    const [secondTx, second] = make();
    const [full, filled] = makeFull();
    const inIt = full.trySend(0) ? [0] : [];
    const ends = {
      how: 'busy',
      selects: 4,
      first: first.clone(),
      second: second.clone(),
      full: full.clone(),
    };
    const worker = spawn(midSelectUrl, ends);
    await once(worker, 'message');
    expect(firstTx.stats().waitingReceivers).toBe(4);
    expect(full.stats().waitingSenders).toBe(4);
    for (const value of [1, 2, 3]) firstTx.trySend(value);
    secondTx.trySend(10);
    // All four are claimed now, so these two are queued, where there is a queue.
    const [four, eleven] = [firstTx.trySend(4) ? [4] : [], secondTx.trySend(11) ? [11] : []];
    expect([firstTx.length, secondTx.length]).toEqual([four.length, eleven.length]);

    await worker.terminate();
    expect([...first.tryIter()]).toEqual([1, 2, 3, ...four]);
    expect([...second.tryIter()]).toEqual([10, ...eleven]);
    expect([...filled.tryIter()]).toEqual(inIt);
    const sent = 3 + four.length;
    expect(firstTx.stats()).toMatchObject({ sent, received: sent, waitingReceivers: 0, receivers: 1 });
    expect(full.stats()).toMatchObject({ received: inIt.length, waitingSenders: 0, senders: 1 });
    for (const end of [firstTx, first, secondTx, second, full, filled]) end.close();
    await until(() => registry().channels === 0, 'the registry is empty');
  },
);

test.each(kinds)(
  '%s: a thread killed while it blocks in a select takes and sends nothing',
  async (_, make, makeFull) => {
    const [firstTx, first] = make();
    const [secondTx, second] = make();
    const [full, filled] = makeFull();
    const inIt = full.trySend(0) ? [0] : [];
    const ends = {
      how: 'blocked',
      selects: 0,
      first: first.clone(),
      second: second.clone(),
      full: full.clone(),
    };
    const worker = spawn(midSelectUrl, ends);
    await until(() => full.stats().waitingSenders === 1, 'the worker blocks');
    await worker.terminate();
    const sent = [firstTx.trySend(1) ? [1] : [], secondTx.trySend(2) ? [2] : []];
    expect(sent.map(({ length }) => length)).toEqual([firstTx.length, secondTx.length]);
    expect([first, second, filled].map((rx) => Array.from(rx.tryIter()))).toEqual([...sent, inIt]);
    for (const end of [firstTx, first, secondTx, second, full, filled]) end.close();
  },
);

test('threads are killed in their selects while messages come: each message comes once', async () => {
  const deaths = 24;
  const perLife = 50;
  const channels = [bounded(0, f64), bounded(1, f64), bounded(16, f64), unbounded(f64)];
  const ticks = new Uint8Array(new SharedArrayBuffer(deaths * perLife));
  let next = 0;
  const sendNext = (send: (tx: Sender<number>) => boolean): void => {
    // Where nobody takes it, the last channel does.
    if (!send(channels[next % channels.length]![0])) channels.at(-1)![0].trySend(next);
    next += 1;
  };
  for (let death = 0; death < deaths; death += 1) {
    const receivers = Object.fromEntries(channels.map(([, rx], index) => [index, rx.clone()]));
    const worker = spawn(tickerUrl, { receivers, shared: ticks.buffer });
    // An even number or an odd one, so that it is killed in a select that blocks or in one that awaits.
    const alive = 20 + death;
    for (let sent = 0; sent < alive; sent += 1) sendNext((tx) => tx.sendSync(next, { timeout: 1_000 }));
    const isWaiting = ([tx]: (typeof channels)[number]): boolean =>
      tx.stats().waitingReceivers === 1 && tx.length === 0;
    await until(() => channels.every(isWaiting), 'the worker has ticked off all, and selects');
    // From here on it executes no more JavaScript, so what it is handed has to go to the next one.
    const died = worker.terminate();
    for (let sent = alive; sent < perLife; sent += 1) sendNext((tx) => tx.trySend(next));
    await died;
  }
  for (const [, rx] of channels) for (const value of rx.tryIter()) Atomics.add(ticks, value, 1);
  expect(ticks.every((times) => times === 1)).toBe(true);
  for (const [tx] of channels) {
    const { sent, received, length, receivers } = tx.stats();
    expect([received, length, receivers]).toEqual([sent, 0, 1]);
  }
  for (const end of channels.flat()) end.close();
});

test('threads are killed while they select among sends: what was accepted comes once, and nothing is left out', async () => {
  const channels = {
    rendezvous: bounded(0, f64),
    bounded: bounded(2, f64),
    'std rendezvous': syncChannel(0, f64),
    'std sync': syncChannel(16, f64),
    // Of eight messages.
    'std channel': channel({ ...f64, maxBytes: 64 }),
  };
  const all = Object.entries(channels);
  const receivers = Object.fromEntries(all.map(([name, [, rx]]) => [name, rx]));
  const came: number[] = [];
  for (let death = 0; death < 24; death += 1) {
    const senders = Object.fromEntries(all.map(([name, [tx]]) => [name, tx.clone()]));
    const worker = spawn(tellerUrl, { senders, from: came.length });
    for (const enough = came.length + 20 + death; came.length < enough;) {
      const op = await select(receivers);
      if (!op.closed) came.push(op.value);
    }
    await worker.terminate();
    for (const [, [, rx]] of all) came.push(...rx.tryIter());
    const inOrder = [...came].sort((a, b) => a - b);
    expect(inOrder).toEqual(inOrder.map((_, index) => index));
  }
  for (const [name, [tx, rx]] of all) {
    const { sent, received, length, senders, waitingSenders } = tx.stats();
    expect([name, received, length, senders, waitingSenders]).toEqual([name, sent, 0, 1, 0]);
    expect(received).toBeGreaterThan(0);
    for (const end of [tx, rx]) end.close();
  }
});
