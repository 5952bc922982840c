// The laws of closing: who hears of it, what is still received, and what is refused.
import { ChannelClosedError, ChannelStateError } from 'millrace';
import { expect } from 'vitest';

import {
  fill,
  type FormLaw,
  forms,
  type Law,
  receive,
  some,
  upTo,
  whenFull,
  whenShared,
  withRoom,
  whenForOne,
  whenNotLeased,
} from './rows';

export const inEveryForm: Record<string, FormLaw> = {
  'receivers drain what was accepted, then are closed': withRoom(async (row, { give, take }) => {
    const [tx, rx] = row.open();
    const count = some(row);
    for (const value of upTo(count)) await give(tx, value);
    tx.close();
    expect(rx.isClosed).toBe(false);
    for (const value of upTo(count)) expect(await take(rx)).toBe(value);
    expect(rx.isClosed).toBe(true);
    await expect(take(rx)).rejects.toThrow(ChannelClosedError);
    await expect(take(rx)).rejects.toThrow(ChannelClosedError);
  }),

  'after end() every sender is refused, and receivers drain': withRoom(async (row, { give, take }) => {
    const [tx, rx] = row.open();
    const twin = tx.clone();
    await give(tx, 1);
    twin.end();
    await expect(give(tx, 2)).rejects.toThrow(ChannelClosedError);
    await expect(give(twin, 2)).rejects.toThrow(ChannelClosedError);
    expect([tx.isClosed, twin.isClosed, rx.isClosed]).toEqual([true, true, false]);
    tx.end();
    expect(await take(rx)).toBe(1);
    await expect(take(rx)).rejects.toThrow(ChannelClosedError);
    twin.close();
  }),

  'sends are refused once every receiver is gone, and what was queued is discarded': whenShared(
    withRoom(async (row, { give }) => {
      const [tx, rx] = row.open();
      const twin = rx.clone();
      await give(tx, 1);
      rx.close();
      expect(tx.isClosed).toBe(false);
      twin.close();
      expect(tx.isClosed).toBe(true);
      await expect(give(tx, 2)).rejects.toThrow(ChannelClosedError);
      expect(tx.stats()).toMatchObject({ sent: 1, discarded: 1, length: 0, bytes: 0, receivers: 0 });
    }),
  ),

  'after cancel() sends are refused and receives are closed': whenShared(
    withRoom(async (row, { give, take }) => {
      const [tx, rx] = row.open();
      const twin = rx.clone();
      const count = some(row);
      for (const value of upTo(count)) await give(tx, value);
      expect(twin.cancel()).toBe(count);
      expect(rx.cancel()).toBe(0);
      await expect(give(tx, 2)).rejects.toThrow(ChannelClosedError);
      await expect(take(rx)).rejects.toThrow(ChannelClosedError);
      expect([tx.isClosed, rx.isClosed, tx.stats().discarded]).toEqual([true, true, count]);
      twin.close();
    }),
  ),

  async 'a spent handle throws ChannelStateError'({ open }, { give, take }) {
    const [tx, rx] = open();
    tx.close();
    rx.close();
    await expect(give(tx, 1)).rejects.toThrow(ChannelStateError);
    await expect(take(rx)).rejects.toThrow(ChannelStateError);
  },
};

export const inEveryRow: Record<string, Law> = {
  'a receiver has a clone where there may be several, and only there'(row) {
    const [, rx] = row.open();
    expect('clone' in rx).toBe(row.shared || row.broadcast);
    if (row.shared || row.broadcast) rx.clone().close();
    else expect(() => rx.clone()).toThrow(TypeError);
  },

  'a channel stays open until each clone of a side is closed': whenShared(
    withRoom(async ({ open }) => {
      const [tx, rx] = open();
      const senders = [tx, tx.clone(), tx.clone()];
      const receivers = [rx, rx.clone()];
      expect(rx.stats()).toMatchObject({ senders: 3, receivers: 2 });
      senders[1]!.close();
      senders[1]!.close();
      expect(rx.stats().senders).toBe(2);
      expect(senders[2]!.trySend(1)).toBe(true);
      senders[0]!.close();
      expect([rx.isClosed, rx.tryRecv()]).toEqual([false, 1]);
      receivers[0]!.close();
      expect(senders[2]!.stats().receivers).toBe(1);
      senders[2]!.close();
      expect(() => receivers[1]!.tryRecv()).toThrow(ChannelClosedError);
      receivers[1]!.close();
    }),
  ),

  async 'waiting receives are told when the last sender closes'({ open }) {
    const [tx, rx] = open();
    const receives = [rx.recv(), rx.recv({ timeout: 60_000 })];
    tx.close();
    for (const received of receives) await expect(received).rejects.toThrow(ChannelClosedError);
    expect(rx.stats().waitingReceivers).toBe(0);
  },

  async 'waiting receives are told when a sender ends the channel, or a receiver cancels it'({ open }) {
    for (const finish of ['end', 'cancel'] as const) {
      const [tx, rx] = open();
      const received = rx.recv();
      if (finish === 'end') tx.end();
      else rx.cancel();
      await expect(received).rejects.toThrow(ChannelClosedError);
    }
  },

  'pending sends reject when the channel is ended, and are not received': whenFull(async (row) => {
    const [tx, rx] = row.open();
    const count = fill(tx);
    const pending = [tx.send(-1), tx.send(-2)];
    tx.end();
    for (const send of pending) await expect(send).rejects.toThrow(ChannelClosedError);
    expect(await receive(rx, count)).toEqual(upTo(count));
    await expect(rx.recv()).rejects.toThrow(ChannelClosedError);
  }),

  'pending sends reject when the receivers are gone or cancel, and are not counted as discarded': whenForOne(
    whenFull(async (row) => {
      for (const finish of ['close', 'cancel'] as const) {
        const [tx, rx] = row.open();
        const count = fill(tx);
        const pending = [tx.send(-1), tx.send(-2)];
        if (finish === 'close') rx.close();
        else expect(rx.cancel()).toBe(count);
        for (const send of pending) await expect(send).rejects.toThrow(ChannelClosedError);
        expect(tx.stats()).toMatchObject({ sent: count, discarded: count, length: 0, waitingSenders: 0 });
      }
    }),
  ),

  'close() rejects the pending receives of its handle only': whenShared(async ({ open }) => {
    const [tx, rx] = open();
    const twin = rx.clone();
    const mine = [rx.recv(), rx.recv({ timeout: 60_000 })];
    const other = twin.recv();
    rx.close();
    for (const received of mine) await expect(received).rejects.toThrow(ChannelStateError);
    tx.trySend(1);
    expect(await other).toBe(1);
    twin.close();
  }),

  'close() leaves pending sends in their place, and the end counts until they settle': whenFull(
    async (row) => {
      const [tx, rx] = row.open();
      const count = fill(tx);
      const pending = [tx.send(count), tx.send(count + 1)];
      tx.close();
      expect(rx.stats()).toMatchObject({ senders: 1, waitingSenders: 2 });
      expect(await receive(rx, count + 2)).toEqual(upTo(count + 2));
      await Promise.all(pending);
      await expect(rx.recv()).rejects.toThrow(ChannelClosedError);
      expect(rx.stats().senders).toBe(0);
    },
  ),

  'drained resolves when all that was accepted before has left the queue': withRoom(async (row) => {
    const [tx, rx] = row.open();
    await tx.drained();
    const count = some(row);
    for (const value of upTo(count)) tx.trySend(value);
    let left = false;
    const drained = tx.drained().then(() => (left = true));
    expect(await tx.drained({ timeout: 0 })).toBe(false);
    for (const value of upTo(count)) {
      expect(left).toBe(false);
      expect(rx.tryRecv()).toBe(value);
    }
    await drained;
    expect(await tx.drained({ timeout: 0 })).toBe(true);
  }),

  'drained includes the pending sends of its handle': whenFull(async (row) => {
    const [tx, rx] = row.open();
    const count = fill(tx);
    const sent = tx.send(count);
    const drained = tx.drained();
    expect(await receive(rx, count)).toEqual(upTo(count));
    await sent;
    expect(await tx.drained({ timeout: 0 })).toBe(false);
    expect(await rx.recv()).toBe(count);
    await drained;
  }),

  'drained rejects with ChannelClosedError when the receivers go, with ChannelStateError when its handle does':
    whenForOne(
      withRoom(async ({ open }) => {
        const [tx, rx] = open();
        const twin = tx.clone();
        tx.trySend(1);
        const [mine, other] = [tx.drained(), twin.drained()];
        twin.close();
        await expect(other).rejects.toThrow(ChannelStateError);
        rx.close();
        await expect(mine).rejects.toThrow(ChannelClosedError);
        await expect(tx.drained()).rejects.toThrow(ChannelClosedError);
      }),
    ),

  'drained after end() still waits for the receivers': withRoom(async ({ open }) => {
    const [tx, rx] = open();
    tx.trySend(1);
    tx.end();
    const drained = tx.drained();
    expect(rx.tryRecv()).toBe(1);
    await drained;
  }),

  'drainedSync answers whether all has left the queue, pending sends included': withRoom(async (row) => {
    const [tx, rx] = row.open();
    expect(tx.drainedSync()).toBeUndefined();
    expect(tx.drainedSync({ timeout: 1 })).toBe(true);
    tx.trySend(0);
    expect(tx.drainedSync({ timeout: 0 })).toBe(false);
    expect(tx.drainedSync({ timeout: 1 })).toBe(false);
    expect(rx.tryRecv()).toBe(0);
    expect(tx.drainedSync({ timeout: 0 })).toBe(true);
    if (row.capacity === Infinity) return;
    const count = fill(tx);
    const sent = tx.send(count);
    expect(await receive(rx, count)).toEqual(upTo(count));
    await sent;
    expect(tx.drainedSync({ timeout: 0 })).toBe(false);
    expect(rx.tryRecv()).toBe(count);
    tx.drainedSync();
  }),

  "drainedSync serves this thread's own receives, and throws where it could never end": whenShared(
    whenNotLeased(
      withRoom(async ({ open }) => {
        const [tx, rx] = open();
        const received = rx.recv();
        tx.trySend(1);
        tx.drainedSync();
        expect(await received).toBe(1);
        tx.trySend(2);
        expect(() => tx.drainedSync()).toThrow(ChannelStateError);
        expect(rx.tryRecv()).toBe(2);
      }),
    ),
  ),

  'drainedSync throws ChannelClosedError when the receivers are gone, ChannelStateError when its handle is':
    whenForOne(
      withRoom(({ open }) => {
        const [tx, rx] = open();
        tx.trySend(1);
        rx.close();
        expect(() => tx.drainedSync()).toThrow(ChannelClosedError);
        tx.close();
        expect(() => tx.drainedSync()).toThrow(ChannelStateError);
      }),
    ),

  'a spent handle refuses every verb; closing it again does nothing, and its properties answer': whenShared(
    withRoom(async (row) => {
      const [tx, rx] = row.open({ label: 'spent' });
      const other = row.open();
      tx.trySend(1);
      tx.close();
      rx.close();
      tx.close();
      rx[Symbol.dispose]();
      for (const verb of [() => tx.end(), () => tx.clone(), () => tx.sameChannel(other[0])]) {
        expect(verb).toThrow(ChannelStateError);
      }
      for (const verb of [() => rx.cancel(), () => rx.clone(), () => other[0].sameChannel(rx)]) {
        expect(verb).toThrow(ChannelStateError);
      }
      await expect(tx.drained()).rejects.toThrow(ChannelStateError);
      for (const handle of [tx, rx]) {
        expect([handle.isClosed, handle.capacity]).toEqual([true, row.capacity]);
        expect(handle.stats()).toMatchObject({ label: 'spent', sent: 1, capacity: row.capacity });
        expect([typeof handle.length, typeof handle.isEmpty]).toEqual(['number', 'boolean']);
        handle.ref();
        handle.unref();
      }
      expect(typeof tx.isFull).toBe('boolean');
    }),
  ),

  async 'dispose is close'({ open }) {
    const [tx, rx] = open();
    tx[Symbol.dispose]();
    await expect(rx.recv()).rejects.toThrow(ChannelClosedError);
  },

  'more than 65,536 pending sends of one handle reject, and nothing is lost by it': whenFull(async (row) => {
    const [tx, rx] = row.open();
    const count = fill(tx) + 65_536;
    const sends = upTo(65_536).map((value) => tx.send(count - 65_536 + value));
    await expect(tx.send(-1)).rejects.toThrow(ChannelStateError);
    await expect(tx.send(-1, { timeout: 5 })).rejects.toThrow(ChannelStateError);
    const twin = tx.clone();
    const fromTwin = twin.send(count);
    expect(await receive(rx, count + 1)).toEqual(upTo(count + 1));
    await Promise.all([...sends, fromTwin]);
    expect(await forms[1]!.give(tx, 1)).toBe(true);
    twin.close();
  }),
};
