// The laws of batches: many messages in one block, which to everybody else are ordinary messages.
import { setImmediate as turn } from 'node:timers/promises';

import { ChannelClosedError, ChannelStateError, select, type Sender, sending, transfer } from 'millrace';
import { expect } from 'vitest';

import {
  drain,
  fill,
  type Law,
  receive,
  some,
  upTo,
  whenFull,
  whenGathering,
  whenShared,
  withRoom,
  type Row,
} from './rows';

/** Every verb that sends a number at once, where there is room. */
const directly: Record<string, (tx: Sender<number>, value: number) => unknown> = {
  trySend: (tx, value) => tx.trySend(value),
  send: (tx, value) => tx.send(value),
  sendSync: (tx, value) => tx.sendSync(value, { timeout: 0 }),
  trySendMany: (tx, value) => tx.trySendMany([value]),
  sendMany: (tx, value) => tx.sendMany([value]),
  sendManySync: (tx, value) => tx.sendManySync([value], { timeout: 0 }),
  select: (tx, value) => select({ out: sending(tx, value) }),
  'another batch': (tx, value) => {
    using other = tx.batch();
    other.trySend(value);
  },
};

/** A broadcast has no batches. */
export const applies = (row: Row): boolean => !row.broadcast;

export const inEveryRow: Record<string, Law> = {
  'what lies in the open block is not accepted, and is once it has gone': withRoom((row) => {
    const [tx, rx] = row.open();
    const batch = tx.batch();
    const count = Math.max(1, Math.floor(some(row) / 2));
    for (const value of upTo(count - 1)) expect(batch.trySend(value)).toBe(true);
    expect([rx.length, rx.tryRecv(), tx.stats().sent]).toEqual([0, undefined, 0]);
    expect(batch.trySend(count - 1)).toBe(true);
    batch.flushSync();
    expect(rx.stats()).toMatchObject({ sent: count, length: count, bytes: row.bytes * count });
    expect(drain(rx)).toEqual(upTo(count));
    batch.close();
  }),

  async 'batched and other messages of one sender arrive in the order of the calls'({ open }) {
    const [tx, rx] = open();
    const batch = tx.batch();
    const arrived: number[] = [];
    const receiving = (async () => {
      while (arrived.length < 600) arrived.push(...(await rx.recvMany(1 + (arrived.length % 9))));
    })();
    for (const value of upTo(600)) {
      const verb = (value * 7) % 23;
      if (verb === 0) await tx.send(value);
      else if (verb === 1) await tx.sendMany([value]);
      else if (verb === 2) await batch.flush();
      if (verb > 1) await batch.send(value);
    }
    await batch.flush();
    await receiving;
    expect(arrived).toEqual(upTo(600));
    expect(rx.stats()).toMatchObject({ sent: 600, received: 600, length: 0, bytes: 0 });
    batch.close();
  },

  'a full channel takes no block, and gives all of it once there is room': whenFull(async (row) => {
    const [tx, rx] = row.open();
    const batch = tx.batch();
    let added = 0;
    while (batch.trySend(added)) added += 1;
    expect([rx.length <= row.capacity, added > row.capacity]).toEqual([true, true]);
    expect(batch.sendSync(-1, { timeout: 1 })).toBe(false);
    expect(await batch.send(-1, { timeout: 0 })).toBe(false);
    expect(await receive(rx, added)).toEqual(upTo(added));
    batch.close();
    expect(rx.stats()).toMatchObject({ sent: added, received: added, length: 0 });
  }),

  async 'a send of a batch that has to wait is accepted behind its block'({ open }) {
    const [tx, rx] = open();
    const batch = tx.batch();
    const sends = upTo(300).map((value) => batch.send(value));
    const flushed = batch.flush();
    expect(await receive(rx, 300)).toEqual(upTo(300));
    await Promise.all([...sends, flushed]);
    batch.close();
  },

  'an aborted send of a batch was not sent': whenFull(async (row) => {
    const [tx, rx] = row.open();
    const batch = tx.batch();
    let added = 0;
    while (batch.trySend(added)) added += 1;
    const abort = new AbortController();
    const pending = batch.send(-1, { signal: abort.signal });
    abort.abort();
    await expect(pending).rejects.toBe(abort.signal.reason);
    expect(await receive(rx, added)).toEqual(upTo(added));
    expect(rx.isEmpty).toBe(true);
    await expect(batch.send(-2, { signal: abort.signal })).rejects.toBe(abort.signal.reason);
    await expect(batch.flush({ signal: abort.signal })).rejects.toBe(abort.signal.reason);
    batch.close();
    expect(rx.isEmpty).toBe(true);
  }),

  'a direct send never overtakes what lies in the block': whenGathering(async (row) => {
    for (const [name, send] of Object.entries(directly)) {
      const [tx, rx] = row.open();
      const batch = tx.batch();
      batch.trySend(1);
      await send(tx, 2);
      expect([name, drain(rx)]).toEqual([name, [1, 2]]);
      batch.close();
    }
  }),

  'a try of the same sender gives way to a block that finds no room': whenFull((row) => {
    const [tx, rx] = row.open();
    const batch = tx.batch();
    const count = fill(tx);
    batch.trySend(count);
    expect([tx.trySend(-1), tx.trySendMany([-1])]).toEqual([false, 0]);
    expect(rx.tryRecv()).toBe(0);
    expect(tx.trySend(-1)).toBe(false);
    expect(rx.tryRecv()).toBe(1 % count === 0 ? count : 1);
    batch.close();
    expect(drain(rx)).toEqual(upTo(count + 1).slice(2));
  }),

  'an open block goes at the end of the turn': whenGathering(async ({ open }) => {
    const [tx, rx] = open();
    const batch = tx.batch();
    batch.trySend(1);
    expect(rx.isEmpty).toBe(true);
    await turn();
    await turn();
    expect(drain(rx)).toEqual([1]);
    batch.trySend(2);
    expect(await rx.recv()).toBe(2);
    batch.close();
  }),

  'what finds no room at the end of the turn keeps its place': whenFull(async (row) => {
    const [tx, rx] = row.open();
    const [batch, other] = [tx.batch(), tx.clone()];
    const count = fill(tx);
    batch.trySend(count);
    await turn();
    await turn();
    const behind = other.send(count + 1);
    expect(rx.stats()).toMatchObject({ waitingSenders: 2, sent: count });
    // More is gathered meanwhile, and goes when that one has gone.
    expect(batch.trySend(count + 2)).toBe(true);
    expect(await receive(rx, count + 3)).toEqual(upTo(count + 3));
    await behind;
    for (const end of [batch, other]) end.close();
  }),

  'a block that is overdue behind a pending one goes once': whenFull(async (row) => {
    const [tx, rx] = row.open();
    const batch = tx.batch();
    const count = fill(tx);
    for (const value of [count, count + 1]) {
      batch.trySend(value);
      await turn();
      await turn();
    }
    expect(rx.stats().waitingSenders).toBe(1);
    // The first goes while nobody hears of it.
    const arrived = drain(rx);
    batch.flushSync({ timeout: 0 });
    arrived.push(...drain(rx));
    await turn();
    await turn();
    expect([...arrived, ...drain(rx)]).toEqual(upTo(count + 2));
    batch.close();
    expect(rx.isEmpty).toBe(true);
  }),

  'what is gathered behind a pending block is lost with it': whenFull(async (row) => {
    const [tx, rx] = row.open();
    const batch = tx.batch();
    const count = fill(tx);
    for (const value of [count, count + 1]) {
      batch.trySend(value);
      await turn();
      await turn();
    }
    const flushed = batch.flush();
    rx.close();
    await expect(flushed).rejects.toThrow(ChannelClosedError);
    expect(batch.lost).toBe(2);
    expect(() => batch.trySend(1)).toThrow(ChannelClosedError);
    batch.close();
  }),

  'close leaves what finds no room as a pending send': whenFull(async (row) => {
    const [tx, rx] = row.open();
    const batch = tx.batch();
    const count = fill(tx);
    batch.trySend(count);
    batch.close();
    batch.close();
    expect(rx.stats()).toMatchObject({ waitingSenders: 1, sent: count });
    expect(() => batch.trySend(-1)).toThrow(ChannelStateError);
    expect(drain(rx)).toEqual(upTo(count + 1));
    expect(batch.lost).toBe(0);
  }),

  'closing the sender sends the open block first': withRoom(async (row) => {
    const [tx, rx] = row.open();
    const count = row.capacity === Infinity ? 0 : fill(tx);
    const batch = tx.batch();
    batch.trySend(count);
    tx.close();
    expect(await receive(rx, count + 1)).toEqual(upTo(count + 1));
    await expect(rx.recv()).rejects.toThrow(ChannelClosedError);
    expect(() => batch.trySend(-1)).toThrow(ChannelStateError);
    await expect(batch.send(-1)).rejects.toThrow(ChannelStateError);
    await expect(batch.flush()).rejects.toThrow(ChannelStateError);
    expect(() => batch.flushSync()).toThrow(ChannelStateError);
    batch.close();
  }),

  'drained has the open block go first': withRoom(async ({ open }) => {
    const [tx, rx] = open();
    const batch = tx.batch();
    batch.trySend(1);
    const drained = tx.drained();
    expect(await tx.drained({ timeout: 1 })).toBe(false);
    expect(drain(rx)).toEqual([1]);
    await drained;
    batch.close();
  }),

  'drainedSync has the open block go first': withRoom(async ({ open }) => {
    const [tx, rx] = open();
    const batch = tx.batch();
    batch.trySend(1);
    expect(tx.drainedSync({ timeout: 1 })).toBe(false);
    expect(drain(rx)).toEqual([1]);
    expect(tx.drainedSync({ timeout: 0 })).toBe(true);
    batch.close();
  }),

  'flush waits for room, and its timeout ends the wait alone': whenFull(async (row) => {
    const [tx, rx] = row.open();
    const batch = tx.batch();
    const count = fill(tx);
    batch.trySend(count);
    expect(batch.flushSync({ timeout: 1 })).toBe(false);
    expect(rx.stats().waitingSenders).toBe(0);
    expect(await batch.flush({ timeout: 0 })).toBe(false);
    expect(rx.stats().waitingSenders).toBe(1);
    expect(batch.flushSync({ timeout: 1 })).toBe(false);
    const flushed = batch.flush();
    expect(await receive(rx, count + 1)).toEqual(upTo(count + 1));
    expect(await flushed).toBeUndefined();
    expect([await batch.flush({ timeout: 1 }), batch.flushSync({ timeout: 1 })]).toEqual([true, true]);
    batch.close();
  }),

  'a flush that blocks for ever alone is refused, and keeps its block': whenFull((row) => {
    const [tx, rx] = row.open();
    const batch = tx.batch();
    const count = fill(tx);
    batch.trySend(count);
    expect(() => batch.flushSync()).toThrow(ChannelStateError);
    rx.tryRecv();
    batch.flushSync();
    expect(drain(rx)).toEqual(upTo(count + 1).slice(1));
    batch.close();
  }),

  'a block that can never go is lost, counted, and told by the next call': whenGathering(async (row) => {
    const [tx, rx] = row.open();
    const batch = tx.batch();
    batch.trySend(1);
    batch.trySend(2);
    tx.clone().end();
    await turn();
    await turn();
    expect([batch.lost, rx.isClosed]).toEqual([2, true]);
    expect(() => batch.trySend(9)).toThrow(ChannelClosedError);
    expect(() => batch.flushSync()).toThrow(ChannelClosedError);
    expect(() => batch.sendSync(9)).toThrow(ChannelClosedError);
    await expect(batch.send(9)).rejects.toThrow(ChannelClosedError);
    await expect(batch.flush()).rejects.toThrow(ChannelClosedError);
    expect(() => tx.trySend(9)).toThrow(ChannelClosedError);
    batch.close();
    expect(batch.lost).toBe(2);
  }),

  'a pending block is lost when the receivers go': whenFull(async (row) => {
    const [tx, rx] = row.open();
    const batch = tx.batch();
    const count = fill(tx);
    batch.trySend(count);
    const flushed = batch.flush();
    rx.close();
    await expect(flushed).rejects.toThrow(ChannelClosedError);
    expect(batch.lost).toBe(1);
    expect(() => batch.trySend(1)).toThrow(ChannelClosedError);
    expect(() => batch.flushSync()).toThrow(ChannelClosedError);
    batch.close();
    expect(tx.stats()).toMatchObject({ sent: count, discarded: count, length: 0 });
  }),

  'what a receiver leaves of a block goes to the next one': whenShared(
    withRoom((row) => {
      const [tx, rx] = row.open();
      const next = rx.clone();
      using batch = tx.batch();
      const count = some(row, 64);
      for (const value of upTo(count)) batch.trySend(value);
      batch.flushSync();
      const taken = rx.tryRecvMany(3);
      rx.close();
      expect([...taken, ...next.tryRecvMany(1000)]).toEqual(upTo(count));
      next.close();
    }),
  ),

  'cancel discards what is left of a block by message': withRoom((row) => {
    const [tx, rx] = row.open();
    const batch = tx.batch();
    const count = some(row, 20);
    for (const value of upTo(count)) batch.trySend(value);
    batch.flushSync();
    const taken = rx.tryRecvMany(Math.ceil(count / 2)).length;
    expect(rx.cancel()).toBe(count - taken);
    expect(tx.stats()).toMatchObject({ sent: count, received: taken, discarded: count - taken, length: 0 });
    batch.close();
  }),

  'the newest of a block is the latest, and the rest of it skipped': withRoom((row) => {
    const [tx, rx] = row.open();
    const batch = tx.batch();
    const count = some(row);
    for (const value of upTo(count)) batch.trySend(value);
    batch.flushSync();
    expect(rx.latest()).toBe(count - 1);
    expect(rx.stats()).toMatchObject({ sent: count, received: 1, skipped: count - 1, length: 0, bytes: 0 });
    batch.close();
  }),

  'a handle with an unflushed batch is not transferred': whenGathering((row) => {
    const [tx, rx] = row.open();
    const batch = tx.batch();
    batch.trySend(1);
    expect(() => transfer(tx)).toThrow(ChannelStateError);
    batch.flushSync();
    expect(drain(rx)).toEqual([1]);
    transfer(tx);
    expect(() => batch.trySend(2)).toThrow(ChannelStateError);
    batch.close();
  }),
};
