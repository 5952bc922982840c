// Threads that are killed in the middle of a select: what was on its way to them goes to others, and nothing of theirs takes effect.
import { once } from 'node:events';

import { bounded, spawn, unbounded } from 'millrace';
import { expect, test } from 'vitest';

import { registry, until } from '../threads/handshakes';

const f64 = { codec: 'f64' } as const;
const midSelectUrl = new URL('fixtures/mid-select.mjs', import.meta.url);
const tickerUrl = new URL('fixtures/ticker.mjs', import.meta.url);

const kinds = [
  ['bounded(16)', () => bounded(16, f64)],
  ['unbounded', () => unbounded(f64)],
] as const;

test.each(kinds)(
  '%s: what selects of a killed thread were handed goes to the next, in order',
  async (_, make) => {
    const [firstTx, first] = make();
    const [secondTx, second] = make();
    const [full, filled] = bounded(1, f64);
    full.trySend(0);
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
    // All four are claimed now, so these two are queued.
    firstTx.trySend(4);
    secondTx.trySend(11);
    expect([firstTx.length, secondTx.length]).toEqual([1, 1]);

    await worker.terminate();
    expect([...first.tryIter()]).toEqual([1, 2, 3, 4]);
    expect([...second.tryIter()]).toEqual([10, 11]);
    expect([...filled.tryIter()]).toEqual([0]);
    expect(firstTx.stats()).toMatchObject({ sent: 4, received: 4, waitingReceivers: 0, receivers: 1 });
    expect(full.stats()).toMatchObject({ sent: 1, received: 1, waitingSenders: 0, senders: 1 });
    for (const end of [firstTx, first, secondTx, second, full, filled]) end.close();
    await until(() => registry().channels === 0, 'the registry is empty');
  },
);

test.each(kinds)(
  '%s: a thread killed while it blocks in a select takes and sends nothing',
  async (_, make) => {
    const [firstTx, first] = make();
    const [secondTx, second] = make();
    const [full, filled] = bounded(1, f64);
    full.trySend(0);
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
    firstTx.trySend(1);
    secondTx.trySend(2);
    expect([first.tryRecv(), second.tryRecv(), filled.tryRecv()]).toEqual([1, 2, 0]);
    expect(filled.tryRecv()).toBeUndefined();
    for (const end of [firstTx, first, secondTx, second, full, filled]) end.close();
  },
);

test('threads are killed at any moment: nothing twice, and no more gone than each had in its hands', async () => {
  const deaths = 24;
  const perLife = 400;
  const channels = [bounded(0, f64), bounded(1, f64), bounded(16, f64), unbounded(f64)];
  const ticks = new Uint8Array(new SharedArrayBuffer(deaths * perLife));
  let next = 0;
  for (let death = 0; death < deaths; death += 1) {
    const receivers = Object.fromEntries(channels.map(([, rx], index) => [index, rx.clone()]));
    const worker = spawn(tickerUrl, { receivers, shared: ticks.buffer });
    await until(() => channels[0]![0].stats().waitingReceivers === 1, 'the worker selects');
    // Dies somewhere among these, later each time.
    const dying = Math.floor((perLife * (death + 1)) / (deaths + 1));
    let died: Promise<unknown> | undefined;
    for (let sent = 0; sent < perLife; sent += 1) {
      if (sent === dying) died = worker.terminate();
      const [tx] = channels[next % channels.length]!;
      // Where nobody takes it any more, another channel does.
      if (!(await tx.send(next, { timeout: died === undefined ? 1_000 : 0 }))) channels[3]![0].trySend(next);
      next += 1;
    }
    await died;
  }
  for (const [, rx] of channels) for (const value of rx.tryIter()) Atomics.add(ticks, value, 1);
  const missing = ticks.filter((times) => times === 0).length;
  expect(ticks.every((times) => times <= 1)).toBe(true);
  expect(missing).toBeLessThanOrEqual(deaths);
  for (const [tx] of channels) {
    const { sent, received, length, receivers } = tx.stats();
    expect([received + length, receivers]).toEqual([sent, 1]);
  }
  for (const end of channels.flat()) end.close();
});
