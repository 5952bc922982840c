// The laws of a rendezvous: nothing is queued, a send and a receive meet.
import { ChannelClosedError } from 'millrace';
import { expect } from 'vitest';

import { type Law, receive, upTo, whenMeeting } from './rows';

export const inEveryRow: Record<string, Law> = {
  'trySend succeeds only against a waiting receive': whenMeeting(async ({ open }) => {
    const [tx, rx] = open();
    expect(tx.trySend(1)).toBe(false);
    const received = rx.recv();
    expect(tx.trySend(2)).toBe(true);
    expect(tx.trySend(3)).toBe(false);
    expect(await received).toBe(2);
    expect(rx.stats()).toMatchObject({ sent: 1, received: 1, length: 0, bytes: 0 });
  }),

  'tryRecv succeeds only against a waiting send': whenMeeting(async ({ open }) => {
    const [tx, rx] = open();
    expect(rx.tryRecv()).toBeUndefined();
    const sent = tx.send(1);
    expect(rx.tryRecv()).toBe(1);
    await sent;
    expect(rx.tryRecv()).toBeUndefined();
  }),

  'it is both full and empty': whenMeeting(async ({ open }) => {
    const [tx, rx] = open();
    const look = () => [tx.isFull, tx.isEmpty, rx.isEmpty, tx.length, rx.capacity];
    expect(look()).toEqual([true, true, true, 0, 0]);
    const sent = tx.send(1);
    expect(look()).toEqual([true, true, true, 0, 0]);
    expect(await rx.recv()).toBe(1);
    await sent;
  }),

  'a send resolves only once its message is taken': whenMeeting(async ({ open }) => {
    const [tx, rx] = open();
    let sent = false;
    const sending = tx.send(1).then(() => (sent = true));
    expect(await rx.recv({ timeout: 0 })).toBe(1);
    const next = tx.send(2, { timeout: 5 });
    await sending;
    expect(sent).toBe(true);
    expect(await next).toBe(false);
    expect(rx.tryRecv()).toBeUndefined();
  }),

  'awaiting and blocking ends of one thread meet': whenMeeting(async ({ open }) => {
    const [tx, rx] = open();
    const received = rx.recv();
    tx.sendSync(1);
    expect(await received).toBe(1);
    const sent = tx.send(2);
    expect(rx.recvSync()).toBe(2);
    await sent;
  }),

  'waits of both sides meet in the order in which they began': whenMeeting(async ({ open }) => {
    const [tx, rx] = open();
    const sends = upTo(20).map((value) => tx.send(value));
    expect(await receive(rx, 20)).toEqual(upTo(20));
    const receives = upTo(20).map(() => rx.recv());
    sends.push(...upTo(20).map((value) => tx.send(value)));
    expect(await Promise.all(receives)).toEqual(upTo(20));
    await Promise.all(sends);
  }),

  'a send that was given up is never received': whenMeeting(async ({ open }) => {
    const [tx, rx] = open();
    const abort = new AbortController();
    const aborted = tx.send(-1, { signal: abort.signal });
    const kept = tx.send(1);
    abort.abort();
    await expect(aborted).rejects.toBe(abort.signal.reason);
    expect(await rx.recv()).toBe(1);
    await kept;
  }),

  'a send that outlives its handle is counted when it is taken': whenMeeting(async ({ open }) => {
    const [tx, rx] = open();
    for (const take of [() => rx.tryRecv(), () => rx.recv(), () => rx.recvSync()]) {
      const other = tx.clone();
      const sent = other.send(1);
      other.close();
      expect(await take()).toBe(1);
      await sent;
    }
    expect(rx.stats()).toMatchObject({ sent: 3, received: 3, senders: 1 });
  }),

  'pending sends reject when the receivers go, and pending receives are told when the senders do':
    whenMeeting(async ({ open }) => {
      const [tx, rx] = open();
      const sent = tx.send(1);
      rx.close();
      await expect(sent).rejects.toThrow(ChannelClosedError);
      const [otherTx, otherRx] = open();
      const received = otherRx.recv();
      otherTx.close();
      await expect(received).rejects.toThrow(ChannelClosedError);
    }),

  'drained waits for the pending send of its handle': whenMeeting(async ({ open }) => {
    const [tx, rx] = open();
    await tx.drained();
    const sent = tx.send(1);
    expect(await tx.drained({ timeout: 0 })).toBe(false);
    const drained = tx.drained();
    expect(rx.tryRecv()).toBe(1);
    await Promise.all([sent, drained]);
  }),
};
