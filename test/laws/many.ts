// The laws of many at once: one call for several messages, of which none is lost and none comes twice.
import { ChannelClosedError, ChannelStateError } from 'millrace';
import { expect } from 'vitest';

import { fill, type Law, receive, some, upTo, whenFull, whenMeeting, withRoom, refuse } from './rows';

export const inEveryRow: Record<string, Law> = {
  'trySendMany sends what there is room for, from the front': whenFull((row) => {
    const [tx, rx] = row.open();
    expect(tx.trySendMany(upTo(row.capacity + 3))).toBe(row.capacity);
    expect(tx.trySendMany([-1])).toBe(0);
    expect(rx.tryRecvMany(1000)).toEqual(upTo(row.capacity));
    expect(rx.tryRecvMany(1000)).toEqual([]);
  }),

  'many messages arrive in their order, in answers of at most max': withRoom((row) => {
    const [tx, rx] = row.open();
    const count = some(row, 1000);
    expect(tx.trySendMany(upTo(count))).toBe(count);
    const arrived: number[] = [];
    for (let values = rx.tryRecvMany(7); values.length > 0; values = rx.tryRecvMany(7)) {
      expect(values.length).toBeLessThanOrEqual(7);
      arrived.push(...values);
    }
    expect(arrived).toEqual(upTo(count));
    expect(rx.stats()).toMatchObject({ sent: count, received: count, length: 0 });
  }),

  async 'sendMany waits in its one place until the last is accepted'(row) {
    const [tx, rx] = row.open();
    const sent = tx.sendMany(upTo(200));
    const after = tx.send(200);
    if (row.capacity !== Infinity) expect(rx.stats().waitingSenders).toBe(2);
    const arrived: number[] = [];
    while (arrived.length < 201) arrived.push(...(await rx.recvMany(9)));
    expect(arrived).toEqual(upTo(201));
    expect(await sent).toBe(200);
    await after;
  },

  async 'recvMany waits for one, and gives no more than max'({ open }) {
    const [tx, rx] = open();
    const waiting = rx.recvMany(3);
    const sent = tx.sendMany(upTo(10));
    const arrived = [await waiting];
    while (arrived.flat().length < 10) arrived.push(await rx.recvMany(3));
    for (const values of arrived) expect(values.length >= 1 && values.length <= 3).toBe(true);
    expect(arrived.flat()).toEqual(upTo(10));
    expect(await sent).toBe(10);
    expect(await rx.recvMany(3, { timeout: 1 })).toEqual([]);
    expect(rx.recvManySync(3, { timeout: 1 })).toEqual([]);
  },

  async 'recvMany takes nothing that a later receive of its handle has a place for'({ open }) {
    const [tx, rx] = open();
    const [many, one] = [rx.recvMany(8), rx.recv()];
    const sent = tx.sendMany(upTo(3));
    expect(await many).toEqual([0]);
    expect(await one).toBe(1);
    expect(await rx.recv()).toBe(2);
    await sent;
  },

  'sendManySync that runs out of time says how many were accepted': whenFull(async (row) => {
    const [tx, rx] = row.open();
    expect(tx.sendManySync(upTo(row.capacity + 1), { timeout: 1 })).toBe(row.capacity);
    expect(tx.sendManySync([-1], { timeout: 1 })).toBe(0);
    expect(() => tx.sendManySync([-1])).toThrow(ChannelStateError);
    expect(rx.recvManySync(1000)).toEqual(upTo(row.capacity));
  }),

  'sendMany that is stopped after some says how many, after none it does as send': whenFull(async (row) => {
    const [tx, rx] = row.open();
    const count = row.capacity;
    const abort = new AbortController();
    const some = tx.sendMany(upTo(count + 5), { signal: abort.signal });
    const none = tx.sendMany([-1], { signal: abort.signal });
    expect(await tx.sendMany([-2], { timeout: 1 })).toBe(0);
    abort.abort();
    expect(await some).toBe(count);
    await expect(none).rejects.toBe(abort.signal.reason);
    expect(await receive(rx, count)).toEqual(upTo(count));
    const closing = tx.sendMany(upTo(count + 5));
    tx.end();
    expect(await closing).toBe(count);
    await expect(tx.sendMany([1])).rejects.toThrow(ChannelClosedError);
  }),

  'many sends of a rendezvous meet many receives': whenMeeting(async (row) => {
    const [tx, rx] = row.open();
    expect(tx.trySendMany([1, 2])).toBe(0);
    const receives = [rx.recv(), rx.recv()];
    expect(tx.trySendMany([1, 2, 3])).toBe(2);
    expect(await Promise.all(receives)).toEqual([1, 2]);
    const sent = tx.sendMany([3, 4, 5]);
    expect(rx.tryRecvMany(2)).toEqual([3, 4]);
    expect(rx.tryRecvMany(2)).toEqual([5]);
    expect(await sent).toBe(3);
  }),

  async 'no values are none sent, if the channel is open'(row) {
    const [tx, rx] = row.open();
    expect([tx.trySendMany([]), await tx.sendMany([]), tx.sendManySync([])]).toEqual([0, 0, 0]);
    refuse(row, [tx, rx]);
    expect(() => tx.trySendMany([])).toThrow(ChannelClosedError);
    tx.close();
    expect(() => tx.sendManySync([])).toThrow(ChannelStateError);
  },

  async 'closed, they throw and reject'({ open }) {
    const [tx, rx] = open();
    tx.close();
    expect(() => rx.tryRecvMany(2)).toThrow(ChannelClosedError);
    expect(() => rx.recvManySync(2)).toThrow(ChannelClosedError);
    await expect(rx.recvMany(2)).rejects.toThrow(ChannelClosedError);
    expect(() => rx.latest()).toThrow(ChannelClosedError);
    expect([[...rx.tryIter()], [...rx.iterSync()]]).toEqual([[], []]);
    for await (const values of rx.batches(2)) expect(values).toEqual([]);
    rx.close();
    for (const verb of [
      () => rx.tryRecvMany(1),
      () => rx.tryIter(),
      () => rx.iterSync(),
      () => rx.batches(1),
    ]) {
      expect(verb).toThrow(ChannelStateError);
    }
  },

  'latest takes the newest, and counts the others as skipped': withRoom((row) => {
    const [tx, rx] = row.open();
    const count = some(row);
    tx.trySendMany(upTo(count));
    expect(rx.latest()).toBe(count - 1);
    expect(rx.latest()).toBeUndefined();
    expect(rx.stats()).toMatchObject({ sent: count, received: 1, skipped: count - 1, length: 0, bytes: 0 });
  }),

  'tryIter gives what was queued at the call': withRoom((row) => {
    const [tx, rx] = row.open();
    const count = some(row, 3);
    tx.trySendMany(upTo(count));
    const seen: number[] = [];
    for (const value of rx.tryIter()) {
      seen.push(value);
      tx.trySend(value + 100);
    }
    expect(seen).toEqual(upTo(count));
    expect(rx.tryRecvMany(1000)).toEqual(upTo(count).map((value) => value + 100));
  }),

  async 'iterSync blocks between messages, and ends when the channel or its handle closes'(row) {
    const [tx, rx] = row.open();
    const sent = tx.sendMany(upTo(30));
    const sending = tx.send(30);
    tx.close();
    expect([...rx.iterSync()]).toEqual(upTo(31));
    expect(await sent).toBe(30);
    await sending;
    const [otherTx, otherRx] = row.open();
    const more = otherTx.sendMany([1, 2]).catch((error: unknown) => error);
    for (const value of otherRx.iterSync()) {
      expect(value).toBe(1);
      otherRx.close();
    }
    await more;
  },

  async 'batches sees everything in steps of at most max, and ends when the channel is closed'(row) {
    const [tx, rx] = row.open();
    const sent = tx.sendMany(upTo(100));
    tx.close();
    const seen: number[] = [];
    for await (const values of rx.batches(8)) {
      expect(values.length >= 1 && values.length <= 8).toBe(true);
      seen.push(...values);
    }
    expect(seen).toEqual(upTo(100));
    expect(await sent).toBe(100);
  },

  'a full channel is filled and emptied by many as by one': whenFull((row) => {
    const [tx, rx] = row.open();
    const count = fill(tx);
    expect(tx.trySendMany([-1])).toBe(0);
    expect(rx.tryRecvMany(count + 1)).toEqual(upTo(count));
    expect(tx.trySendMany(upTo(count))).toBe(count);
    expect(upTo(count).map(() => rx.tryRecv())).toEqual(upTo(count));
  }),
};
