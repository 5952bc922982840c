// The laws of select: exactly one operation takes effect, and the others leave no trace.
import { after, ChannelStateError, never, select, selectSync, sending, trySelect } from 'millrace';
import { expect } from 'vitest';

import { fill, type Law, type Row, upTo, whenFull, whenMeeting, withRoom, refuse } from './rows';

/** What it gives of a channel that leases is a lease: see test/leases. */
export const applies = ({ leased }: Row): boolean => !leased;

export const inEveryRow: Record<string, Law> = {
  'a ready receive is chosen, the others consume nothing': withRoom(async ({ open }) => {
    const [tx, rx] = open();
    const [, other] = open();
    const cases = { other, rx };
    const chosen = { key: 'rx', closed: false, value: 1 };
    for (const choose of [() => select(cases), () => selectSync(cases), () => trySelect(cases)]) {
      await tx.send(1);
      expect(await choose()).toEqual(chosen);
    }
    expect(trySelect({ other, rx })).toEqual({ key: undefined });
    expect(other.stats().waitingReceivers).toBe(0);
  }),

  async 'a select that waits is served by the first that becomes ready, and leaves its other places'({
    open,
  }) {
    const [first, second] = [open(), open()];
    const selected = select({ first: first[1], second: second[1] });
    expect([first[0].stats().waitingReceivers, second[0].stats().waitingReceivers]).toEqual([1, 1]);
    expect(second[0].trySend(7)).toBe(true);
    expect(await selected).toEqual({ key: 'second', closed: false, value: 7 });
    expect([first[0].stats().waitingReceivers, second[0].stats().waitingReceivers]).toEqual([0, 0]);
    expect(first[0].stats().received).toBe(0);
  },

  async 'a wake that came for a losing case is passed on'({ open }) {
    const [first, second] = [open(), open()];
    const selected = select({ first: first[1], second: second[1] });
    const next = first[1].recv();
    second[0].trySend(1);
    // The select is over, although it has not been told: its place in the first channel is the next one's.
    expect(first[0].trySend(2)).toBe(true);
    expect(await next).toBe(2);
    expect(await selected).toMatchObject({ key: 'second', value: 1 });
  },

  'a send that waits is accepted when there is room': whenFull(async (row) => {
    const [tx, rx] = row.open();
    const [, other] = row.open();
    const count = fill(tx);
    const selected = select({ out: sending(tx, count), other });
    expect(rx.stats().waitingSenders).toBe(1);
    expect(rx.tryRecv()).toBe(0);
    expect(await selected).toEqual({ key: 'out', closed: false });
    expect(rx.tryRecvMany(1000)).toEqual(upTo(count + 1).slice(1));
  }),

  'a losing send sends nothing': whenFull(async (row) => {
    const [tx, rx] = row.open();
    const [otherTx, other] = row.open();
    const count = fill(tx);
    const selected = select({ out: sending(tx, -1), other });
    otherTx.trySend(1);
    expect(await selected).toMatchObject({ key: 'other', value: 1 });
    expect(rx.tryRecvMany(1000)).toEqual(upTo(count));
    expect(tx.stats()).toMatchObject({ sent: count, waitingSenders: 0 });
  }),

  'a select never pairs with itself': whenMeeting(async ({ open }) => {
    const [tx, rx] = open();
    expect(await select({ in: rx, out: sending(tx, 1) }, { timeout: 5 })).toEqual({ key: undefined });
    expect(trySelect({ in: rx, out: sending(tx, 1) })).toEqual({ key: undefined });
    const [one, other] = [select({ in: rx, out: sending(tx, 1) }), select({ in: rx, out: sending(tx, 2) })];
    const keys = [(await one).key, (await other).key];
    expect(keys.sort()).toEqual(['in', 'out']);
  }),

  'selects of both sides meet': whenMeeting(async ({ open }) => {
    const [tx, rx] = open();
    const [, idle] = open();
    const taking = select({ idle, rx });
    expect(trySelect({ idle, out: sending(tx, 3) })).toEqual({ key: 'out', closed: false });
    expect(await taking).toMatchObject({ key: 'rx', value: 3 });
    const giving = select({ idle, out: sending(tx, 4) });
    expect(selectSync({ idle, rx })).toMatchObject({ key: 'rx', value: 4 });
    expect(await giving).toMatchObject({ key: 'out' });
  }),

  async 'a closed channel is a ready case'(row) {
    const [tx, rx] = row.open();
    const [, idle] = row.open();
    const waiting = select({ idle, rx });
    tx.close();
    expect(await waiting).toEqual({ key: 'rx', closed: true });
    expect(selectSync({ idle, rx })).toEqual({ key: 'rx', closed: true });
    const other = row.open();
    refuse(row, other);
    expect(trySelect({ out: sending(other[0], 1), idle })).toEqual({ key: 'out', closed: true });
  },

  'a send that waits hears that its channel closed': whenFull(async (row) => {
    const [tx, rx] = row.open();
    fill(tx);
    const selected = select({ out: sending(tx, -1) });
    refuse(row, [tx, rx]);
    expect(await selected).toEqual({ key: 'out', closed: true });
  }),

  async 'a timeout, an abort and a timer end it, and consume nothing'({ open }) {
    const [tx, rx] = open();
    const abort = new AbortController();
    const aborted = select({ rx }, { signal: abort.signal });
    abort.abort();
    await expect(aborted).rejects.toBe(abort.signal.reason);
    expect(await select({ rx, never: never() }, { timeout: 2 })).toEqual({ key: undefined });
    expect(selectSync({ rx }, { timeout: 2 })).toEqual({ key: undefined });
    expect(await select({ rx, idle: after(2) })).toMatchObject({ key: 'idle', closed: false });
    expect(selectSync({ rx, idle: after(2) })).toMatchObject({ key: 'idle', closed: false });
    expect(rx.stats()).toMatchObject({ received: 0, waitingReceivers: 0 });
    const received = rx.recv();
    expect(tx.trySend(1)).toBe(true);
    expect(await received).toBe(1);
  },

  async 'close() of a handle that takes part rejects it with ChannelStateError'({ open }) {
    const [tx, rx] = open();
    const [, other] = open();
    const selected = select({ rx, other });
    rx.close();
    await expect(selected).rejects.toThrow(ChannelStateError);
    expect(other.stats().waitingReceivers).toBe(0);
    await expect(select({ rx, other })).rejects.toThrow(ChannelStateError);
    expect(() => trySelect({ out: sending(tx, 1), rx })).toThrow(ChannelStateError);
  },

  'biased, the first ready case in key order is chosen': withRoom(({ open }) => {
    const ends = [open(), open(), open()];
    for (const [tx] of ends) tx.trySend(1);
    const cases = { a: ends[2]![1], b: ends[0]![1], c: ends[1]![1] };
    const keys = upTo(3).map(() => trySelect(cases, { biased: true }).key);
    expect(keys).toEqual(['a', 'b', 'c']);
  }),

  'a blocking select that could never end throws ChannelStateError'({ open }) {
    const [, rx] = open();
    expect(() => selectSync({ rx })).toThrow(ChannelStateError);
    expect(() => selectSync({ rx, never: never() })).toThrow(ChannelStateError);
  },
};
