// The laws of failing, and of saying why a channel closed.
import { threadId } from 'node:worker_threads';

import {
  attach,
  ChannelClosedError,
  ChannelFailedError,
  ChannelStateError,
  select,
  selectSync,
  transfer,
  trySelect,
} from 'millrace';
import { expect } from 'vitest';

import { type FormLaw, type Law, some, upTo, whenFull, whenForOne, whenShared, withRoom } from './rows';

const why = new RangeError('the disk is full');
/** What a receiver of a channel that failed so gets: its own error, with another's inside. */
const failed = { name: 'ChannelFailedError', code: 'ERR_CHANNEL_FAILED', cause: why };

/** What `read` throws or rejects with. */
async function thrown(read: () => unknown): Promise<unknown> {
  try {
    await read();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}

export const inEveryForm: Record<string, FormLaw> = {
  async 'after fail() receivers drain what was accepted, then get ChannelFailedError with its cause'(
    row,
    { give, take },
  ) {
    const [tx, rx] = row.open();
    const count = some(row);
    for (const value of upTo(count)) await give(tx, value);
    tx.fail(why);
    for (const value of upTo(count)) expect(await take(rx)).toBe(value);
    for (let again = 0; again < 2; again += 1) {
      const error = await thrown(() => take(rx));
      expect(error).toBeInstanceOf(ChannelFailedError);
      expect(error).not.toBeInstanceOf(ChannelClosedError);
      expect(error).toMatchObject(failed);
      expect((error as Error).cause).toBeInstanceOf(RangeError);
    }
  },

  async 'after fail() every sender gets ChannelClosedError'({ open }, { give }) {
    const [tx] = open();
    const twin = tx.clone();
    twin.fail(why);
    for (const sender of [tx, twin]) {
      await expect(give(sender, 1)).rejects.toThrow(ChannelClosedError);
      expect([sender.isClosed, sender.closeReason?.kind]).toEqual([true, 'failed']);
    }
    twin.close();
  },

  'senders are told why it was cancelled': async ({ open }, { give }) => {
    const [tx, rx] = open();
    rx.cancel(why);
    const error = await thrown(() => give(tx, 1));
    expect(error).toBeInstanceOf(ChannelClosedError);
    expect(error).toMatchObject({ code: 'ERR_CHANNEL_CLOSED', cause: why });
    expect((error as Error).cause).toBeInstanceOf(RangeError);
  },
};

export const inEveryRow: Record<string, Law> = {
  async 'every other verb of a receiver throws the failure, too, and goes on throwing it'({ open }) {
    const [tx, rx] = open();
    tx.fail(why);
    const verbs = [
      () => rx.tryRecvMany(4),
      () => rx.recvMany(4),
      () => rx.recvManySync(4),
      () => rx.recvSync(),
      () => rx.recv(),
      () => rx.latest(),
      () => [...rx.tryIter()],
      () => [...rx.iterSync()],
      () => rx[Symbol.asyncIterator]().next(),
      () => rx.batches(4)[Symbol.asyncIterator]().next(),
    ];
    for (const verb of [...verbs, ...verbs]) expect(await thrown(verb)).toMatchObject(failed);
  },

  'iterations give what was accepted, then throw': withRoom(async (row) => {
    const count = some(row);
    const seen: number[] = [];
    const loops: ((rx: ReturnType<typeof row.open>[1]) => unknown)[] = [
      async (rx) => {
        for await (const value of rx) seen.push(value);
      },
      async (rx) => {
        for await (const values of rx.batches(3)) seen.push(...values);
      },
      (rx) => {
        for (const value of rx.iterSync()) seen.push(value);
      },
    ];
    for (const loop of loops) {
      const [tx, rx] = row.open();
      for (const value of upTo(count)) tx.trySend(value);
      tx.fail(why);
      expect(await thrown(() => loop(rx))).toMatchObject(failed);
      expect(seen.splice(0)).toEqual(upTo(count));
    }
  }),

  'tryIter ends after what is queued, and throws when it begins on a failed channel that is drained':
    withRoom(async (row) => {
      const [tx, rx] = row.open();
      const count = some(row);
      for (const value of upTo(count)) tx.trySend(value);
      const early = rx.tryIter();
      tx.fail(why);
      expect([...rx.tryIter()]).toEqual(upTo(count));
      expect(await thrown(() => [...rx.tryIter()])).toMatchObject(failed);
      // What it counted on was taken by others: no more comes, and that is all.
      expect([...early]).toEqual([]);
    }),

  async 'waits that are pending are told: receives of the failure, an iteration too'({ open }) {
    const [tx, rx] = open();
    const waits = [
      rx.recv(),
      rx.recv({ timeout: 60_000 }),
      rx[Symbol.asyncIterator]().next(),
      rx.recvMany(2),
    ];
    tx.fail(why);
    for (const wait of waits) expect(await thrown(() => wait)).toMatchObject(failed);
    expect(rx.stats().waitingReceivers).toBe(0);
  },

  'pending sends and drained are told of a cancel, and why, even after their handle is closed': whenFull(
    async (row) => {
      const [tx, rx] = row.open();
      const twin = tx.clone();
      while (tx.trySend(0));
      const waits = [tx.send(1), twin.send(2), twin.drained(), tx.sendMany([1, 2])];
      tx.close();
      rx.cancel(why);
      // All at once: which is told first is nobody's business.
      for (const error of await Promise.all(waits.map((wait) => thrown(() => wait)))) {
        expect(error).toBeInstanceOf(ChannelClosedError);
        expect(error).toMatchObject({ cause: why });
      }
      twin.close();
    },
  ),

  'what a receiver gives as its reason reaches a drained that waits after end()': withRoom(async (row) => {
    const [tx, rx] = row.open();
    tx.trySend(1);
    tx.end();
    const drained = tx.drained();
    rx.cancel(why);
    expect(await thrown(() => drained)).toMatchObject({ cause: why });
    expect([tx.closeReason?.kind, rx.closeReason?.kind]).toEqual(['ended', 'ended']);
  }),

  'pending sends are refused by fail(), and are not received': whenFull(async (row) => {
    const [tx, rx] = row.open();
    let count = 0;
    while (tx.trySend(count)) count += 1;
    const pending = [tx.send(-1), tx.send(-2)];
    tx.fail(why);
    for (const send of pending) await expect(send).rejects.toThrow(ChannelClosedError);
    expect(rx.tryRecvMany(count + 1)).toEqual(upTo(count));
    expect(await thrown(() => rx.tryRecv())).toMatchObject(failed);
  }),

  async 'select gives a failed receiver as a ready case, with its error'({ open }) {
    const [, idle] = open();
    const [tx, rx] = open();
    const cases = { idle, rx };
    const waiting = select(cases);
    tx.fail(why);
    for (const op of [await waiting, await select(cases), selectSync(cases), trySelect(cases)]) {
      expect(op).toMatchObject({ key: 'rx', closed: true, error: failed });
      expect(op).not.toHaveProperty('value');
    }
    const [endedTx, ended] = open();
    endedTx.end();
    expect(trySelect({ ended })).toEqual({ key: 'ended', closed: true });
  },

  async 'the first of end, fail, cancel and the last close counts'({ open }) {
    const closers = {
      ended: (ends: ReturnType<typeof open>) => ends[0].end(),
      failed: (ends: ReturnType<typeof open>) => ends[0].fail(why),
      cancelled: (ends: ReturnType<typeof open>) => ends[1].cancel(why),
    };
    for (const [kind, first] of Object.entries(closers)) {
      for (const second of Object.values(closers)) {
        const ends = open();
        first(ends);
        second(ends);
        const error = kind === 'ended' ? {} : { error: why };
        for (const end of ends) expect(end.closeReason).toEqual({ kind, thread: threadId, ...error });
        const name = kind === 'failed' ? 'ChannelFailedError' : 'ChannelClosedError';
        expect(await thrown(() => ends[1].recv())).toMatchObject({ name });
      }
    }
  },

  'closeReason is undefined while a side is open, which a receiver is until it has drained': withRoom(
    ({ open }) => {
      const [tx, rx] = open();
      expect([tx.closeReason, rx.closeReason]).toEqual([undefined, undefined]);
      tx.trySend(1);
      tx.fail(why);
      expect([tx.closeReason?.kind, rx.closeReason, rx.isClosed]).toEqual(['failed', undefined, false]);
      expect(rx.tryRecv()).toBe(1);
      expect(rx.closeReason).toEqual({ kind: 'failed', error: why, thread: threadId });
      expect(Object.isFrozen(rx.closeReason)).toBe(true);
    },
  ),

  'the last close of either side is a reason by itself': whenShared(({ open }) => {
    const [tx, rx] = open();
    const twin = tx.clone();
    tx.close();
    expect(rx.closeReason).toBeUndefined();
    twin.close();
    expect(rx.closeReason).toEqual({ kind: 'closed', thread: threadId });
    const [otherTx, otherRx] = open();
    otherRx.close();
    expect(otherTx.closeReason).toEqual({ kind: 'closed', thread: threadId });
  }),

  'after the last close of the receivers neither fail() nor end() changes what they closed with': ({
    open,
  }) => {
    const [tx, rx] = open();
    rx.close();
    for (const late of [() => tx.fail(why), () => tx.end()]) {
      late();
      expect(tx.closeReason).toEqual({ kind: 'closed', thread: threadId });
    }
  },

  'a spent handle goes on saying what it said': ({ open }) => {
    const [tx, rx] = open();
    tx.fail(why);
    rx.close();
    tx.close();
    for (const end of [tx, rx]) expect(end.closeReason).toMatchObject({ kind: 'failed', error: why });
    const [open1, open2] = open();
    open1.close();
    expect([open1.closeReason, open2.closeReason?.kind]).toEqual([undefined, 'closed']);
  },

  'fail never throws for what it is given, and needs a live handle': async ({ open }) => {
    const odd = [undefined, null, 1n, Symbol('odd'), () => 1, { toString: null }, new Proxy({}, trapped)];
    for (const error of odd) {
      const [tx, rx] = open();
      tx.fail(error);
      tx.fail(error);
      expect(await thrown(() => rx.tryRecv())).toBeInstanceOf(ChannelFailedError);
      tx.close();
      expect(() => tx.fail(error)).toThrow(ChannelStateError);
    }
  },

  'a ticket carries on what its channel closed with': ({ open }) => {
    const [tx, rx] = open();
    tx.fail(why);
    const back = attach(transfer(rx));
    expect(back.closeReason).toMatchObject({ kind: 'failed', error: why });
    expect(() => back.tryRecv()).toThrow(ChannelFailedError);
    back.close();
  },
};

/** A proxy that throws whatever is done with it. */
const trapped = new Proxy(
  {},
  {
    get: () => () => {
      throw new Error('trapped');
    },
  },
);

// A broadcast's cancel is its receiver's own, and it goes on without receivers.
for (const [sentence, law] of [...Object.entries(inEveryForm), ...Object.entries(inEveryRow)]) {
  if (/cancel|gives as its reason|last close/.test(sentence)) whenForOne(law as Law);
}
