// One signal may end any number of waits: one listener, no warning, and a cost that grows with their number alone.
import { getEventListeners } from 'node:events';

import { after, bounded, select, sending, tripleBuffer, unbounded } from 'millrace';
import { afterEach, expect, test } from 'vitest';

import { part } from '../laws/part';

type Waits = (signal: AbortSignal, count: number) => Promise<unknown>[];

const bytes = Uint8Array.of(1);
const many = (count: number, one: () => Promise<unknown>): Promise<unknown>[] =>
  Array.from({ length: count }, one);

/** Each verb that takes a signal, waiting so many times. */
const verbs: Record<string, Waits> = {
  recv: (signal, count) => {
    const [, rx] = bounded(1);
    return many(count, () => rx.recv({ signal }));
  },
  recvMany: (signal, count) => {
    const [, rx] = bounded(1);
    return many(count, () => rx.recvMany(8, { signal }));
  },
  recvInto: (signal, count) => {
    const [, rx] = bounded(1);
    return many(count, () => rx.recvInto(new Uint8Array(8), { signal }));
  },
  iter: (signal, count) => {
    const [, rx] = bounded(1);
    return many(count, () => rx.iter({ signal })[Symbol.asyncIterator]().next());
  },
  batches: (signal, count) => {
    const [, rx] = bounded(1);
    return many(count, () => rx.batches(8, { signal })[Symbol.asyncIterator]().next());
  },
  'iter of a timer': (signal, count) => {
    const timer = after(1e6);
    return many(count, () => timer.iter({ signal })[Symbol.asyncIterator]().next());
  },
  recvRef: (signal, count) => {
    const [, rx] = bounded(1);
    return many(count, () => rx.recvRef({ signal }));
  },
  'recv of many channels': (signal, count) => many(count, () => bounded(1)[1].recv({ signal })),
  'recv with a timeout': (signal, count) => {
    const [, rx] = bounded(1);
    return many(count, () => rx.recv({ signal, timeout: 1e6 }));
  },
  send: (signal, count) => {
    const [tx] = bounded(1);
    tx.trySend(bytes);
    return many(count, () => tx.send(bytes, { signal }));
  },
  sendMany: (signal, count) => {
    const [tx] = bounded(1);
    tx.trySend(bytes);
    return many(count, () => tx.sendMany([bytes, bytes], { signal }));
  },
  drained: (signal, count) => {
    const [tx] = bounded(1);
    tx.trySend(bytes);
    return many(count, () => tx.drained({ signal }));
  },
  'drained, each after a send': (signal, count) => {
    const [tx] = unbounded();
    return many(count, () => {
      tx.trySend(bytes);
      return tx.drained({ signal });
    });
  },
  flush: (signal, count) => {
    const [tx] = bounded(1);
    tx.trySend(bytes);
    const batch = tx.batch();
    batch.trySend(bytes);
    return many(count, () => batch.flush({ signal }));
  },
  changed: (signal, count) => {
    const [, output] = tripleBuffer({ byteLength: 8 });
    return many(count, () => output.changed({ signal }));
  },
  select: (signal, count) => {
    const [, rx] = bounded(1);
    const [full] = bounded(1);
    full.trySend(bytes);
    return many(count, () => select({ rx, out: sending(full, bytes), idle: after(1e6) }, { signal }));
  },
  'recv of a timer': (signal, count) => {
    const timer = after(1e6);
    return many(count, () => timer.recv({ signal }));
  },
};

const warnings: Error[] = [];
const note = (warning: Error): unknown => warnings.push(warning);
process.on('warning', note);
afterEach(() => void warnings.splice(0));

test.each(Object.entries(verbs))('a signal has one listener however many wait: %s', async (_, waits) => {
  const controller = new AbortController();
  const { signal } = controller;
  const pending = waits(signal, 64);
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  const reason = new Error('stopped');
  controller.abort(reason);
  const settled = await Promise.allSettled(pending);
  expect(settled.map((one) => (one.status === 'rejected' ? one.reason : one.value))).toEqual(
    Array.from({ length: pending.length }, () => reason),
  );
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  await new Promise((resolve) => setImmediate(resolve));
  expect(warnings).toEqual([]);
});

test('a signal whose waits are over has no listener, and serves later ones', async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const [tx, rx] = unbounded();
  for (let round = 0; round < 3; round += 1) {
    const pending = [rx.recv({ signal }), rx.recv({ signal })];
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    tx.trySend(bytes);
    tx.trySend(bytes);
    await Promise.all(pending);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  }
  const last = rx.recv({ signal });
  controller.abort('late');
  await expect(last).rejects.toBe('late');
  tx.close();
  rx.close();
});

test('a signal that a codec aborts during the call ends the wait', async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const codec = {
    name: 'aborting',
    encode: (value: Uint8Array) => {
      controller.abort('by the codec');
      return value;
    },
    decode: (message: Uint8Array) => message,
  };
  const [tx, rx] = bounded(1, { codec });
  tx.trySend(bytes);
  await expect(tx.send(bytes, { signal, timeout: 1e6 })).rejects.toBe('by the codec');
  expect(rx.tryRecvMany(8)).toHaveLength(1);
  tx.close();
  rx.close();
});

/** The least processor time of some measurements: what else runs on the machine only adds to it. */
async function least(waits: Waits, count: number): Promise<number> {
  let shortest = Infinity;
  for (let round = 0; round < 3; round += 1) {
    const controller = new AbortController();
    const pending = Promise.allSettled(waits(controller.signal, count));
    const before = process.cpuUsage();
    controller.abort();
    const { user, system } = process.cpuUsage(before);
    shortest = Math.min(shortest, (user + system) / 1000);
    await pending;
  }
  return shortest;
}

/** Making a channel for each wait would take longest by far. */
const quick = Object.entries(verbs).filter(([name]) => name !== 'recv of many channels');

test.each(quick)('aborting eight times as many waits takes no square of it: %s', async (_, waits) => {
  const few = part(4_000);
  await least(waits, few);
  const [once, eightfold] = [await least(waits, few), await least(waits, 8 * few)];
  console.log(`${few}: ${once.toFixed(1)} ms, ${8 * few}: ${eightfold.toFixed(1)} ms`);
  // 64 times as long where each looks at all others.
  expect(eightfold).toBeLessThan(32 * Math.max(once, 4));
});
