// The laws of the verbs that ends over a network have too: AsyncSender and AsyncReceiver, and nothing else.
import {
  type AsyncReceiver,
  type AsyncSender,
  ChannelClosedError,
  ChannelFailedError,
  ChannelStateError,
} from 'millrace';
import { expect } from 'vitest';

import { upTo } from './rows';

export interface AwaitingRow {
  readonly name: string;
  /** The most messages it holds: 1 or more. */
  readonly capacity: number;
  /** Ends of a new channel: `receiver` makes another receiving end, where there can be one. */
  open(): Promise<AwaitingEnds>;
}

export interface AwaitingEnds {
  readonly tx: AsyncSender<number>;
  readonly rx: AsyncReceiver<number>;
  readonly receiver?: () => AsyncReceiver<number>;
}

export type AwaitingLaw = (row: AwaitingRow) => Promise<void>;

/** Sends 0, 1, 2, ... until there is no room; how many that were. */
async function fill(tx: AsyncSender<number>): Promise<number> {
  let count = 0;
  while ((await tx.send(count, { timeout: 0 })) === true) count += 1;
  return count;
}

async function take(rx: AsyncReceiver<number>, count: number): Promise<number[]> {
  const values: number[] = [];
  while (values.length < count) values.push(await rx.recv());
  return values;
}

const some = ({ capacity }: AwaitingRow) => Math.min(capacity, 5);

export const everywhere: Record<string, AwaitingLaw> = {
  async 'messages are received in the order in which they were sent'(row) {
    const { tx, rx } = await row.open();
    const received = take(rx, 20);
    for (const value of upTo(20)) await tx.send(value);
    expect(await received).toEqual(upTo(20));
  },

  async 'sends that nobody awaits are accepted in call order'(row) {
    const { tx, rx } = await row.open();
    const sends = upTo(30).map((value) => tx.send(value));
    expect(await take(rx, 30)).toEqual(upTo(30));
    await Promise.all(sends);
  },

  async 'receives of one handle do not overtake each other'(row) {
    const { tx, rx } = await row.open();
    const receives = upTo(6).map(() => rx.recv());
    for (const value of upTo(6)) await tx.send(value);
    expect(await Promise.all(receives)).toEqual(upTo(6));
  },

  async 'many are sent in order, however often there is no room, and recvMany takes no more than max'(row) {
    const { tx, rx } = await row.open();
    const sent = tx.sendMany(upTo(40));
    const received: number[] = [];
    while (received.length < 40) {
      const values = await rx.recvMany(7);
      expect(values.length).toBeGreaterThan(0);
      expect(values.length).toBeLessThanOrEqual(7);
      received.push(...values);
    }
    expect(received).toEqual(upTo(40));
    expect(await sent).toBe(40);
    expect(await tx.sendMany([])).toBe(0);
  },

  async 'a timeout of 0 tries once'(row) {
    const { tx, rx } = await row.open();
    expect(await rx.recv({ timeout: 0 })).toBeUndefined();
    expect(await rx.recvMany(4, { timeout: 0 })).toEqual([]);
    expect(await tx.send(7, { timeout: 0 })).toBe(true);
    expect(await rx.recv({ timeout: 0 })).toBe(7);
  },

  async 'a receive that timed out has consumed nothing'(row) {
    const { tx, rx } = await row.open();
    expect(await rx.recv({ timeout: 5 })).toBeUndefined();
    expect(await rx.recvMany(4, { timeout: 5 })).toEqual([]);
    await tx.send(1);
    expect(await rx.recv({ timeout: 60_000 })).toBe(1);
  },

  async 'an abort of a waiting receive rejects with its reason, and consumes nothing'(row) {
    const { tx, rx } = await row.open();
    const abort = new AbortController();
    const received = rx.recv({ signal: abort.signal });
    const batch = rx.recvMany(4, { signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(received).rejects.toBe(abort.signal.reason);
    await expect(batch).rejects.toBe(abort.signal.reason);
    await tx.send(1);
    expect(await rx.recv()).toBe(1);
  },

  async 'an already aborted signal rejects first, whatever the channel could do'(row) {
    const { tx, rx } = await row.open();
    const wait = { signal: AbortSignal.abort(new Error('before')) };
    await tx.send(1);
    for (const verb of [
      rx.recv(wait),
      rx.recvMany(2, wait),
      tx.send(2, wait),
      tx.sendMany([2], wait),
      tx.drained(wait),
    ]) {
      await expect(verb).rejects.toThrow('before');
    }
    expect(await rx.recv()).toBe(1);
    expect(await rx.recv({ timeout: 0 })).toBeUndefined();
  },

  async 'an abort leaves no listener behind'(row) {
    const { tx, rx } = await row.open();
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
    await tx.send(1, { signal });
    await received;
    expect(await rx.recv({ signal, timeout: 1 })).toBeUndefined();
    await tx.drained({ signal });
    expect(listeners).toBe(0);
  },

  async 'after end, receivers drain what was accepted, and are closed then'(row) {
    const { tx, rx } = await row.open();
    const count = some(row);
    expect(await tx.sendMany(upTo(count))).toBe(count);
    tx.end();
    expect(await take(rx, count)).toEqual(upTo(count));
    await expect(rx.recv()).rejects.toThrow(ChannelClosedError);
    await expect(rx.recv({ timeout: 0 })).rejects.toThrow(ChannelClosedError);
    await expect(rx.recvMany(4)).rejects.toThrow(ChannelClosedError);
    await expect(tx.send(1)).rejects.toThrow(ChannelClosedError);
    await expect(tx.sendMany([1])).rejects.toThrow(ChannelClosedError);
  },

  async 'end closes receives that wait'(row) {
    const { tx, rx } = await row.open();
    const [received, many] = [rx.recv(), rx.recvMany(4)];
    tx.end();
    await expect(received).rejects.toThrow(ChannelClosedError);
    await expect(many).rejects.toThrow(ChannelClosedError);
  },

  async 'after fail, receivers drain what was accepted, and then get the reason'(row) {
    const { tx, rx } = await row.open();
    const count = some(row);
    expect(await tx.sendMany(upTo(count))).toBe(count);
    tx.fail(Object.assign(new RangeError('cut short'), { code: 'E_CUT', at: { byte: 5 } }));
    expect(await take(rx, count)).toEqual(upTo(count));
    for (const verb of [rx.recv(), rx.recvMany(4), rx[Symbol.asyncIterator]().next()]) {
      const error = await verb.then(
        () => undefined,
        (thrown: unknown) => thrown as Error,
      );
      expect(error).toBeInstanceOf(ChannelFailedError);
      expect(error!.cause).toBeInstanceOf(RangeError);
      expect(error!.cause).toMatchObject({ message: 'cut short', code: 'E_CUT', at: { byte: 5 } });
    }
    await expect(tx.send(1)).rejects.toThrow(ChannelClosedError);
  },

  async 'the first of end and fail counts'(row) {
    const { tx, rx } = await row.open();
    tx.end();
    tx.fail(new Error('too late'));
    await expect(rx.recv()).rejects.toThrow(ChannelClosedError);
  },

  async 'iterating takes every message until the channel is closed'(row) {
    const { tx, rx } = await row.open();
    const sent = tx.sendMany(upTo(20)).then(() => tx.end());
    const received: number[] = [];
    for await (const value of rx) received.push(value);
    expect(received).toEqual(upTo(20));
    await sent;
    for await (const value of rx) expect(value).toBeUndefined();
  },

  async 'batches take every message, up to max a step'(row) {
    const { tx, rx } = await row.open();
    const sent = tx.sendMany(upTo(20)).then(() => tx.end());
    const received: number[] = [];
    for await (const values of rx.batches(6)) {
      expect(values.length).toBeLessThanOrEqual(6);
      received.push(...values);
    }
    expect(received).toEqual(upTo(20));
    await sent;
  },

  async 'a loop that is left leaves the rest, and the handle open'(row) {
    const { tx, rx } = await row.open();
    const sent = tx.sendMany(upTo(6));
    for await (const value of rx) if (value === 2) break;
    expect(await take(rx, 3)).toEqual([3, 4, 5]);
    await sent;
  },

  async 'a step that is pending when its iterator returns is done, and loses nothing'(row) {
    const { tx, rx } = await row.open();
    const iterator = rx[Symbol.asyncIterator]();
    const step = iterator.next();
    expect(await iterator.return!()).toMatchObject({ done: true });
    expect(await step).toMatchObject({ done: true });
    await tx.send(1);
    expect(await rx.recv()).toBe(1);
  },

  async 'close rejects the pending receives of the handle, ends its loops, and leaves it spent'(row) {
    const { rx } = await row.open();
    const received = rx.recv();
    const loop = (async () => {
      for await (const value of rx) expect(value).toBeUndefined();
    })();
    rx.close();
    rx.close();
    await expect(received).rejects.toThrow(ChannelStateError);
    await loop;
    await expect(rx.recv()).rejects.toThrow(ChannelStateError);
    await expect(rx.recvMany(1)).rejects.toThrow(ChannelStateError);
  },

  async 'a sender that was closed is spent, and what it has sent is received'(row) {
    const { tx, rx } = await row.open();
    await tx.send(1);
    tx.close();
    tx.close();
    await expect(tx.send(2)).rejects.toThrow(ChannelStateError);
    await expect(tx.sendMany([2])).rejects.toThrow(ChannelStateError);
    expect(await rx.recv()).toBe(1);
  },

  async 'drained resolves when all that was sent has left'(row) {
    const { tx, rx } = await row.open();
    await tx.send(1);
    const drained = tx.drained();
    expect(await tx.drained({ timeout: 5 })).toBe(false);
    expect(await rx.recv()).toBe(1);
    await drained;
    expect(await tx.drained({ timeout: 60_000 })).toBe(true);
  },

  async 'each message goes to one of several receivers'(row) {
    const { tx, rx, receiver } = await row.open();
    if (receiver === undefined) return;
    const received: number[] = [];
    const all = [rx, receiver(), receiver()].map(async (from) => {
      for await (const value of from) received.push(value);
    });
    for (const value of upTo(30)) await tx.send(value);
    tx.end();
    await Promise.all(all);
    expect(received.sort((a, b) => a - b)).toEqual(upTo(30));
  },

  async 'what cannot be sent is refused, and nothing of it is sent'(row) {
    const { tx, rx } = await row.open();
    await expect(tx.send(undefined as never)).rejects.toThrow(TypeError);
    await expect(tx.send('1' as never)).rejects.toThrow(TypeError);
    await expect(tx.sendMany([1, '2' as never])).rejects.toThrow(TypeError);
    await expect(tx.sendMany(5 as never)).rejects.toThrow(TypeError);
    expect(await rx.recv({ timeout: 0 })).toBeUndefined();
  },

  async 'a wait that cannot be honoured is refused'(row) {
    const { tx, rx } = await row.open();
    for (const [wait, code] of [
      [{ timeout: -1 }, 'ERR_OUT_OF_RANGE'],
      [{ timeout: Number.NaN }, 'ERR_OUT_OF_RANGE'],
      [{ timeout: '5' }, 'ERR_INVALID_ARG_TYPE'],
      [{ timeOut: 5 }, 'ERR_INVALID_ARG_VALUE'],
      [5, 'ERR_INVALID_ARG_TYPE'],
      [{ signal: {} }, 'ERR_INVALID_ARG_TYPE'],
    ] as const) {
      await expect(tx.send(1, wait as never)).rejects.toMatchObject({ code });
      await expect(rx.recv(wait as never)).rejects.toMatchObject({ code });
      await expect(tx.drained(wait as never)).rejects.toMatchObject({ code });
    }
    await expect(rx.recvMany(0)).rejects.toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
    await expect(rx.recvMany('1' as never)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
  },
};

export const whereFull: Record<string, AwaitingLaw> = {
  async 'a full channel holds its sender up, and lets it go on'(row) {
    const ends = await row.open();
    const count = await fill(ends.tx);
    expect(count).toBe(row.capacity);
    const sent = ends.tx.send(count);
    let isSent = false;
    void sent.then(() => {
      isSent = true;
    });
    expect(await ends.tx.send(-1, { timeout: 5 })).toBe(false);
    expect(isSent).toBe(false);
    expect(await take(ends.rx, count + 1)).toEqual(upTo(count + 1));
    await sent;
  },

  async 'a send that was given up is not received, and those behind it move up'(row) {
    const { tx, rx } = await row.open();
    const count = await fill(tx);
    const abort = new AbortController();
    const aborted = tx.send(-1, { signal: abort.signal });
    const timed = tx.send(-2, { timeout: 5 });
    const last = tx.send(count);
    abort.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    expect(await timed).toBe(false);
    expect(await take(rx, count + 1)).toEqual(upTo(count + 1));
    await last;
  },

  async 'many that time out after some say how many were accepted'(row) {
    const { tx, rx } = await row.open();
    const all = upTo(row.capacity + 3);
    // As long as it takes until there is no room: some were accepted in less, and then it is told how many.
    let accepted = 0;
    for (let timeout = 30; accepted < row.capacity; timeout *= 2) {
      accepted = await tx.sendMany(all, { timeout });
      if (accepted === row.capacity) expect(await tx.sendMany(all, { timeout: 5 })).toBe(0);
      expect(await take(rx, accepted)).toEqual(upTo(accepted));
      expect(await rx.recv({ timeout: 0 })).toBeUndefined();
    }
    expect(accepted).toBe(row.capacity);
  },

  async 'end rejects sends that wait for room, and what was accepted is received'(row) {
    const ends = await row.open();
    const count = await fill(ends.tx);
    const waiting = ends.tx.send(-1);
    const rejected = expect(waiting).rejects.toThrow(ChannelClosedError);
    ends.tx.end();
    await rejected;
    const received: number[] = [];
    for await (const value of ends.rx) received.push(value);
    expect(received).toEqual(upTo(count));
  },
};
