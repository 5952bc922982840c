// The laws of room: full, empty, and what the snapshots say about it.
import { expect } from 'vitest';

import {
  drain,
  fill,
  type FormLaw,
  type Law,
  some,
  upTo,
  whenEndless,
  whenFull,
  whenShared,
  withRoom,
} from './rows';

export const inEveryForm: Record<string, FormLaw> = {
  'a full channel refuses, and takes again once there is room': whenFull(async (row, { give, take }) => {
    const [tx, rx] = row.open();
    for (const value of upTo(row.capacity)) expect(await give(tx, value)).toBe(true);
    expect(await give(tx, -1)).toBe(false);
    expect([tx.isFull, tx.length]).toEqual([true, row.capacity]);
    expect(await take(rx)).toBe(0);
    expect(tx.isFull).toBe(false);
    expect(await give(tx, row.capacity)).toBe(true);
    expect(await give(tx, -1)).toBe(false);
    expect(drain(rx)).toEqual(upTo(row.capacity + 1).slice(1));
  }),

  'an unbounded channel is never full': whenEndless(async (row, { give }) => {
    const [tx, rx] = row.open();
    for (const value of upTo(2000)) expect(await give(tx, value)).toBe(true);
    expect([tx.isFull, tx.length, rx.length]).toEqual([false, 2000, 2000]);
  }),

  'an empty channel gives nothing, and what comes later is given': withRoom(
    async ({ open }, { give, take }) => {
      const [tx, rx] = open();
      expect(await take(rx)).toBeUndefined();
      expect(await take(rx)).toBeUndefined();
      expect(await give(tx, 7)).toBe(true);
      expect(await take(rx)).toBe(7);
      expect(await take(rx)).toBeUndefined();
    },
  ),
};

export const inEveryRow: Record<string, Law> = {
  'length, capacity, isEmpty and isFull say the same on both ends': withRoom((row) => {
    const [tx, rx] = row.open();
    const count = some(row);
    for (const queued of upTo(count)) {
      expect([tx.length, rx.length]).toEqual([queued, queued]);
      expect([tx.isEmpty, rx.isEmpty]).toEqual([queued === 0, queued === 0]);
      expect(tx.isFull).toBe(queued === row.capacity);
      tx.trySend(queued);
    }
    expect([tx.length, tx.isEmpty, tx.isFull]).toEqual([count, false, count === row.capacity]);
    expect([tx.capacity, rx.capacity]).toEqual([row.capacity, row.capacity]);
  }),

  'a pending send is accepted as soon as there is room, and not before': whenFull(async (row) => {
    const [tx, rx] = row.open();
    const count = fill(tx);
    let accepted = false;
    const pending = tx.send(count).then(() => (accepted = true));
    expect(rx.stats()).toMatchObject({ waitingSenders: 1, sent: count, length: count });
    await Promise.resolve();
    expect(accepted).toBe(false);
    expect(await rx.recv()).toBe(0);
    await pending;
    expect(rx.stats()).toMatchObject({ waitingSenders: 0, sent: count + 1, length: count });
    expect(drain(rx)).toEqual(upTo(count + 1).slice(1));
  }),

  'stats add up whenever the channel is at rest': whenShared(
    withRoom((row) => {
      const [tx, rx] = row.open({ label: 'sums' });
      const count = some(row, 20);
      for (const value of upTo(count)) tx.trySend(value);
      const wanted = { label: 'sums', capacity: row.capacity, senders: 1, receivers: 1, tickets: 0 };
      const full = {
        ...wanted,
        sent: count,
        received: 0,
        length: count,
        bytes: row.bytes * count,
        highWater: count,
      };
      expect(tx.stats()).toMatchObject(full);
      // What has waited goes on waiting.
      expect({ ...rx.stats(), oldest: 0 }).toEqual({ ...tx.stats(), oldest: 0 });
      rx.tryRecv();
      const fewer = { received: 1, length: count - 1, bytes: row.bytes * (count - 1), highWater: count };
      expect(tx.stats()).toMatchObject({ ...wanted, ...fewer });
      const twin = rx.clone();
      drain(twin);
      twin.close();
      expect(tx.stats()).toMatchObject({ ...wanted, sent: count, received: count, length: 0, bytes: 0 });
      tx.trySend(1);
      expect(rx.cancel()).toBe(1);
      const { sent, received, dropped, skipped, discarded, length } = tx.stats();
      expect(sent).toBe(received + dropped + skipped + discarded + length);
      expect([sent, received, discarded, length]).toEqual([count + 1, count, 1, 0]);
    }),
  ),

  'the label is absent where none was given, and the flavor has its name'(row) {
    const [tx] = row.open();
    expect(tx.stats()).not.toHaveProperty('label');
    expect(tx.stats().flavor).toBe(row.flavor);
  },

  'sameChannel tells the ends of one channel from those of another': whenShared(({ open }) => {
    const [tx, rx] = open();
    const [otherTx, otherRx] = open();
    const twins = [tx.clone(), rx.clone()] as const;
    for (const mine of [tx, rx, ...twins]) expect(tx.sameChannel(mine)).toBe(true);
    for (const other of [otherTx, otherRx]) expect(tx.sameChannel(other)).toBe(false);
    for (const twin of twins) twin.close();
  }),
};
