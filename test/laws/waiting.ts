// The laws of waiting: whose turn it is, and what timeouts and aborts leave behind.
import { ChannelClosedError, ChannelStateError } from 'millrace';
import { expect } from 'vitest';

import { fill, type Law, receive, upTo, whenFull, whenShared, withRoom, whenNotLeased } from './rows';
import { turns } from './until';

export const inEveryRow: Record<string, Law> = {
  'waiting receives are served in the order in which they began': whenShared(async ({ open }) => {
    const [tx, rx] = open();
    const receivers = [rx, rx.clone(), rx.clone()];
    const order = [2, 0, 1, 1, 2, 0, 0];
    const receives = order.map((index) => receivers[index]!.recv());
    for (const value of upTo(order.length)) await tx.send(value);
    expect(await Promise.all(receives)).toEqual(upTo(order.length));
    for (const receiver of receivers) receiver.close();
  }),

  'waiting sends of several handles are accepted in the order in which they began': whenFull(async (row) => {
    const [tx, rx] = row.open();
    const senders = [tx, tx.clone(), tx.clone()];
    const count = fill(tx);
    const order = [2, 0, 1, 1, 2, 0, 0];
    const sends = order.map((index, place) => senders[index]!.send(count + place));
    expect(await receive(rx, count + order.length)).toEqual(upTo(count + order.length));
    await Promise.all(sends);
    for (const sender of senders) sender.close();
  }),

  async 'a wait that was given up leaves its turn to the next'({ open }) {
    const [tx, rx] = open();
    const abort = new AbortController();
    const [aborted, timed, last] = [rx.recv({ signal: abort.signal }), rx.recv({ timeout: 1 }), rx.recv()];
    abort.abort();
    await expect(aborted).rejects.toBe(abort.signal.reason);
    expect(await timed).toBeUndefined();
    expect(rx.stats().waitingReceivers).toBe(1);
    tx.trySend(1);
    expect(await last).toBe(1);
  },

  'a send that was given up is not received, and those behind it move up': whenFull(async (row) => {
    const [tx, rx] = row.open();
    const count = fill(tx);
    const abort = new AbortController();
    const aborted = tx.send(-1, { signal: abort.signal });
    const timed = tx.send(-2, { timeout: 1 });
    const last = tx.send(count);
    abort.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    expect(await timed).toBe(false);
    expect(rx.stats()).toMatchObject({ waitingSenders: 1, sent: count });
    expect(await receive(rx, count + 1)).toEqual(upTo(count + 1));
    await last;
  }),

  'a timeout of 0 tries once': withRoom(async (row) => {
    const [tx, rx] = row.open();
    expect(await rx.recv({ timeout: 0 })).toBeUndefined();
    expect(rx.recvSync({ timeout: 0 })).toBeUndefined();
    expect(await tx.send(1, { timeout: 0 })).toBe(true);
    expect(await rx.recv({ timeout: 0 })).toBe(1);
    expect(tx.sendSync(2, { timeout: 0 })).toBe(true);
    expect(rx.recvSync({ timeout: 0 })).toBe(2);
    if (row.capacity === Infinity) return;
    const count = fill(tx);
    expect(await tx.send(-1, { timeout: 0 })).toBe(false);
    expect(tx.sendSync(-1, { timeout: 0 })).toBe(false);
    expect(await receive(rx, count)).toEqual(upTo(count));
  }),

  'a short timeout runs out, not before its time, and keeps every message': withRoom(async (row) => {
    const [tx, rx] = row.open();
    const timeout = 12;
    const waits: [() => unknown, unknown][] = [
      [() => rx.recv({ timeout }), undefined],
      [() => rx.recvSync({ timeout }), undefined],
    ];
    for (const [wait, nothing] of waits) await runsOut(wait, nothing, timeout);
    tx.trySend(1);
    await runsOut(() => tx.drained({ timeout }), false, timeout);
    expect(await rx.recv({ timeout })).toBe(1);
    if (row.capacity === Infinity) return;
    const count = fill(tx);
    await runsOut(() => tx.send(-1, { timeout }), false, timeout);
    await runsOut(() => tx.sendSync(-1, { timeout }), false, timeout);
    expect(await receive(rx, count)).toEqual(upTo(count));
    expect(rx.tryRecv()).toBeUndefined();
  }),

  async 'a timeout that is too long for one timer does not run out at once'({ open }) {
    const [tx, rx] = open();
    for (const timeout of [2 ** 31, 2 ** 53, Number.MAX_VALUE, Infinity]) {
      const received = rx.recv({ timeout });
      await turns(5);
      expect(rx.stats().waitingReceivers).toBe(1);
      tx.trySend(1);
      expect(await received).toBe(1);
    }
  },

  'an abort of a waiting receive consumes nothing': withRoom(async ({ open }) => {
    const [tx, rx] = open();
    const abort = new AbortController();
    const received = rx.recv({ signal: abort.signal });
    abort.abort();
    tx.trySend(1);
    await expect(received).rejects.toBe(abort.signal.reason);
    expect(rx.stats()).toMatchObject({ waitingReceivers: 0, received: 0, length: 1 });
    expect(rx.tryRecv()).toBe(1);
  }),

  'an abort that comes after the message was taken loses': whenNotLeased(
    withRoom(async ({ open }) => {
      const [tx, rx] = open();
      const abort = new AbortController();
      tx.trySend(1);
      const received = rx.recv({ signal: abort.signal });
      const sent = tx.send(2, { signal: abort.signal });
      abort.abort();
      expect(await received).toBe(1);
      await sent;
      expect(rx.tryRecv()).toBe(2);
    }),
  ),

  async 'an abort that races with a message loses neither the abort nor the message'({ open }) {
    const [tx, rx] = open();
    for (const first of [0, 1, 2, 3]) {
      const abort = new AbortController();
      const received = rx.recv({ signal: abort.signal });
      tx.trySend(first);
      await turns(first);
      abort.abort();
      const value = await received.catch((error: unknown) => {
        expect(error).toBe(abort.signal.reason);
        return rx.tryRecv();
      });
      expect(value).toBe(first);
    }
  },

  'an already aborted signal rejects first, whatever the channel could do': withRoom(async (row) => {
    const signal = AbortSignal.abort(new Error('before'));
    const [tx, rx] = row.open();
    tx.trySend(1);
    const message = 'before';
    await expect(rx.recv({ signal })).rejects.toThrow(message);
    await expect(rx.recv({ signal, timeout: 0 })).rejects.toThrow(message);
    await expect(tx.send(2, { signal })).rejects.toThrow(message);
    await expect(tx.drained({ signal })).rejects.toThrow(message);
    expect(rx.stats()).toMatchObject({ sent: 1, received: 0, waitingReceivers: 0, waitingSenders: 0 });
    expect(rx.tryRecv()).toBe(1);
    tx.end();
    await expect(rx.recv({ signal })).rejects.toThrow(message);
    await expect(tx.send(2, { signal })).rejects.toThrow(message);
  }),

  async 'an abort leaves no listener behind'({ open }) {
    const [tx, rx] = open();
    const { signal } = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listeners += 1;
      return addEventListener.apply(signal, args);
    };
    signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      listeners -= 1;
      return removeEventListener.apply(signal, args);
    };
    const received = rx.recv({ signal });
    tx.trySend(1);
    await received;
    expect(await rx.recv({ signal, timeout: 1 })).toBeUndefined();
    expect(listeners).toBe(0);
  },

  'a blocking wait that could never end throws ChannelStateError at once': whenShared(
    withRoom(async (row) => {
      const [tx, rx] = row.open();
      const twin = rx.clone();
      expect(() => rx.recvSync()).toThrow(ChannelStateError);
      expect(() => twin.recvSync({})).toThrow(ChannelStateError);
      tx.trySend(1);
      expect(rx.recvSync()).toBe(1);
      expect(rx.stats().waitingReceivers).toBe(0);
      if (row.capacity !== Infinity) {
        const count = fill(tx);
        expect(() => tx.sendSync(-1)).toThrow(ChannelStateError);
        expect(await receive(twin, count)).toEqual(upTo(count));
      }
      tx.close();
      expect(() => rx.recvSync()).toThrow(ChannelClosedError);
      twin.close();
    }),
  ),

  "a blocking send is taken by this thread's own pending receives": whenNotLeased(
    withRoom(async (row) => {
      const [tx, rx] = row.open();
      const receives = [rx.recv(), rx.recv()];
      tx.sendSync(1);
      tx.sendSync(2);
      tx.sendSync(3);
      expect(await Promise.all(receives)).toEqual([1, 2]);
      expect(rx.recvSync()).toBe(3);
    }),
  ),

  async "a blocking receive takes this thread's own pending sends"(row) {
    const [tx, rx] = row.open();
    const count = Math.min(row.capacity, 64) + 3;
    const sends = upTo(count).map((value) => tx.send(value));
    for (const value of upTo(count)) expect(rx.recvSync()).toBe(value);
    await Promise.all(sends);
  },
};

async function runsOut(wait: () => unknown, nothing: unknown, timeout: number): Promise<void> {
  const start = performance.now();
  expect(await wait()).toBe(nothing);
  // Timers of the platform may be early by less than a millisecond.
  expect(performance.now() - start).toBeGreaterThan(timeout - 1);
}
