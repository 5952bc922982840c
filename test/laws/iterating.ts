// The laws of iterating: for await, its ends, and the streams that build on it.
import { getEventListeners, once } from 'node:events';
import { Readable } from 'node:stream';

import { ChannelStateError, type Receiver } from 'millrace';
import { expect } from 'vitest';

import { type Law, some, upTo, withRoom } from './rows';
import { until } from './until';

/** Every loop that a signal ends, each giving one message after the other. */
const loops: Record<string, (rx: Receiver<number>, signal?: AbortSignal) => AsyncIterable<number>> = {
  iter: (rx, signal) => rx.iter(signal && { signal }),
  batches: (rx, signal) => oneByOne(rx.batches(1, signal && { signal })),
};

async function* oneByOne(batches: AsyncIterable<number[]>): AsyncIterable<number> {
  for await (const values of batches) yield* values;
}

/** What a loop gives, and how it ends: `undefined` when its channel does. */
async function run(loop: AsyncIterable<number>): Promise<[seen: number[], error: unknown]> {
  const seen: number[] = [];
  try {
    for await (const value of loop) seen.push(value);
    return [seen, undefined];
  } catch (error) {
    return [seen, error];
  }
}

export const inEveryRow: Record<string, Law> = {
  async 'a loop with a signal sees everything, and ends as one without'({ open }) {
    for (const loop of Object.values(loops)) {
      const [tx, rx] = open();
      const sending = tx.sendMany(upTo(100)).then(() => tx.close());
      expect(await run(loop(rx, new AbortController().signal))).toEqual([upTo(100), undefined]);
      await sending;
      expect(await run(loop(rx))).toEqual([[], undefined]);
    }
  },

  'an abort rejects the next step with its reason, and the message is still there': withRoom(
    async ({ open }) => {
      for (const loop of Object.values(loops)) {
        const [tx, rx] = open();
        const stop = new AbortController();
        const steps = loop(rx, stop.signal)[Symbol.asyncIterator]();
        tx.trySend(1);
        expect(await steps.next()).toEqual({ done: false, value: 1 });
        tx.trySend(2);
        stop.abort(new Error('enough'));
        await expect(steps.next()).rejects.toBe(stop.signal.reason);
        expect(await steps.next()).toEqual({ done: true, value: undefined });
        expect(rx.stats()).toMatchObject({ waitingReceivers: 0, received: 1 });
        expect(rx.tryRecv()).toBe(2);
      }
    },
  ),

  'an abort rejects the step that waits, takes nothing, and leaves the handle open': withRoom(
    async ({ open }) => {
      for (const loop of Object.values(loops)) {
        const [tx, rx] = open();
        const stop = new AbortController();
        const ended = run(loop(rx, stop.signal));
        await until(() => rx.stats().waitingReceivers === 1, 'the loop waits');
        stop.abort('enough');
        expect(await ended).toEqual([[], 'enough']);
        expect(rx.stats().waitingReceivers).toBe(0);
        tx.trySend(1);
        expect(rx.tryRecv()).toBe(1);
      }
    },
  ),

  'a signal that has aborted already rejects the first step': withRoom(async ({ open }) => {
    for (const loop of Object.values(loops)) {
      const [tx, rx] = open();
      tx.trySend(1);
      expect(await run(loop(rx, AbortSignal.abort('before')))).toEqual([[], 'before']);
      expect(rx.tryRecv()).toBe(1);
    }
  }),

  async 'a loop that was left follows its signal no more'({ open }) {
    const [tx, rx] = open();
    const { signal } = new AbortController();
    for (const loop of Object.values(loops)) {
      const sent = tx.send(1);
      for await (const value of loop(rx, signal)) {
        expect(value).toBe(1);
        break;
      }
      await sent;
      expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    }
  },

  async 'for await sees everything, and ends when the channel is closed'({ open }) {
    const [tx, rx] = open();
    const sending = (async () => {
      for (const value of upTo(300)) await tx.send(value);
      tx.close();
    })();
    const seen: number[] = [];
    for await (const value of rx) seen.push(value);
    await sending;
    expect(seen).toEqual(upTo(300));
    for await (const value of rx) seen.push(value);
    expect(seen).toHaveLength(300);
  },

  async 'leaving the loop loses nothing and leaves the handle open'({ open }) {
    const [tx, rx] = open();
    const sends = upTo(5).map((value) => tx.send(value));
    const seen: number[] = [];
    for await (const value of rx) {
      seen.push(value);
      if (value === 1) break;
    }
    expect(rx.isClosed).toBe(false);
    for await (const value of rx) {
      seen.push(value);
      if (value === 4) break;
    }
    expect(seen).toEqual(upTo(5));
    await Promise.all(sends);
  },

  'return() cancels a pending next(), and the message that comes then is still there': withRoom(
    async ({ open }) => {
      const [tx, rx] = open();
      const iterator = rx[Symbol.asyncIterator]();
      const pending = [iterator.next(), iterator.next()];
      expect(rx.stats().waitingReceivers).toBe(2);
      expect(await iterator.return!()).toMatchObject({ done: true });
      for (const next of pending) expect(await next).toEqual({ done: true, value: undefined });
      expect(rx.stats().waitingReceivers).toBe(0);
      tx.trySend(1);
      expect(await iterator.next()).toEqual({ done: true, value: undefined });
      expect(rx.tryRecv()).toBe(1);
    },
  ),

  async 'several pending next() are served in call order'({ open }) {
    const [tx, rx] = open();
    const iterator = rx[Symbol.asyncIterator]();
    const pending = [iterator.next(), iterator.next(), iterator.next()];
    for (const value of upTo(3)) await tx.send(value);
    tx.close();
    const results = await Promise.all([...pending, iterator.next()]);
    expect(results.map((result) => result.value)).toEqual([0, 1, 2, undefined]);
    expect(results.map((result) => result.done === true)).toEqual([false, false, false, true]);
    await iterator.return!();
  },

  'an iteration ends when the loop closes its own handle': withRoom(async (row) => {
    const [tx, rx] = row.open();
    const count = some(row, 3);
    for (const value of upTo(count)) tx.trySend(value);
    const seen: number[] = [];
    for await (const value of rx) {
      seen.push(value);
      rx.close();
    }
    expect(seen).toEqual([0]);
    expect(tx.isClosed).toBe(!row.broadcast);
  }),

  async 'an iteration that waits ends when its handle is closed'({ open }) {
    const [, rx] = open();
    const next = rx[Symbol.asyncIterator]().next();
    rx.close();
    expect(await next).toEqual({ done: true, value: undefined });
  },

  'iterating a spent handle throws'({ open }) {
    const [, rx] = open();
    rx.close();
    expect(() => rx[Symbol.asyncIterator]()).toThrow(ChannelStateError);
  },

  async 'Readable.from gives every message, then ends'({ open }) {
    const [tx, rx] = open();
    const sends = upTo(100).map((value) => tx.send(value));
    tx.close();
    const seen: unknown[] = [];
    for await (const value of Readable.from(rx)) seen.push(value);
    expect(seen).toEqual(upTo(100));
    await Promise.all(sends);
  },

  'Readable.from(rx).destroy() on an idle channel ends it, and loses nothing': withRoom(async ({ open }) => {
    const [tx, rx] = open();
    const readable = Readable.from(rx);
    readable.resume();
    await until(() => rx.stats().waitingReceivers === 1, 'the stream waits for a message');
    const closed = once(readable, 'close');
    readable.destroy();
    await closed;
    await until(() => rx.stats().waitingReceivers === 0, 'the wait of the stream is cancelled');
    tx.trySend(1);
    expect(rx.tryRecv()).toBe(1);
  }),
};
