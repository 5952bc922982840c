// A wake that came for a case that has lost is passed on, although the thread of the select has not been told yet.
import { once } from 'node:events';

import { type Receiver, type Sender, bounded, spawn, unbounded } from 'millrace';
import { expect, test } from 'vitest';

import { until } from '../threads/handshakes';

const f64 = { codec: 'f64' } as const;
const midSelectUrl = new URL('fixtures/mid-select.mjs', import.meta.url);
const kinds: [name: string, make: () => [Sender<number>, Receiver<number>]][] = [
  ['bounded(0)', () => bounded(0, f64)],
  ['bounded(16)', () => bounded(16, f64)],
  ['unbounded', () => unbounded(f64)],
];
const rows = kinds.flatMap(([name, make]) => ['busy', 'blocked'].map((how) => ({ name, make, how })));

test.each(rows)(
  '$name, a $how worker: messages and room go to who waits behind it',
  async ({ make, how }) => {
    const [firstTx, first] = make();
    const [secondTx, second] = make();
    const [full, filled] = bounded(1, f64);
    full.trySend(0);
    const worker = spawn(midSelectUrl, {
      how,
      selects: how === 'busy' ? 1 : 0,
      first: first.clone(),
      second: second.clone(),
      full: full.clone(),
    });
    await once(worker, 'message');
    await until(() => full.stats().waitingSenders === 1, 'the worker selects');
    expect([firstTx, secondTx].map((tx) => tx.stats().waitingReceivers)).toEqual([1, 1]);
    const [message, room] = [first.recv(), full.send(5)];

    expect(secondTx.trySend(1)).toBe(true);
    // The select is over by this; its other two cases are for those who stand behind it.
    expect(firstTx.trySend(2)).toBe(true);
    expect(await message).toBe(2);
    expect(filled.tryRecv()).toBe(0);
    await room;
    expect([...filled.tryIter()]).toEqual([5]);

    await worker.terminate();
    // What a busy thread was handed and has not seen comes back; a blocked one has it, unless it was ended before
    // it woke up.
    if (how === 'busy') expect(await second.recv()).toBe(1);
    else expect([[], [1]]).toContainEqual([...second.tryIter()]);
    for (const tx of [firstTx, secondTx, full]) {
      const { sent, received, length, waitingSenders, waitingReceivers } = tx.stats();
      expect([received, length, waitingSenders, waitingReceivers]).toEqual([sent, 0, 0, 0]);
    }
    for (const end of [firstTx, first, secondTx, second, full, filled]) end.close();
  },
);
