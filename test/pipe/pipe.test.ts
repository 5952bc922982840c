// `pipe` over the channels of this process: what goes on, in which order, and how ends, failures and stops are carried.
import {
  bounded,
  broadcast,
  ChannelClosedError,
  ChannelCodecError,
  ChannelFailedError,
  type Codec,
  pipe,
  type Receiver,
  type Sender,
  type Settling,
  syncChannel,
  unbounded,
} from 'millrace';
import { afterEach, describe, expect, test } from 'vitest';

import { rejection } from './rejection';

type Pair = [Sender<number>, Receiver<number>];
const opened: { close(): void }[] = [];
afterEach(() => {
  for (const end of opened.splice(0)) end.close();
});

function kept(pair: readonly { close(): void }[]): Pair {
  opened.push(...pair);
  return pair as unknown as Pair;
}

const f64 = { codec: 'f64' } as const;
const flavors: [string, () => Pair][] = [
  ['bounded(1)', () => kept(bounded(1, f64))],
  ['bounded(64)', () => kept(bounded(64, f64))],
  ['a rendezvous', () => kept(bounded(0, f64))],
  ['unbounded', () => kept(unbounded(f64))],
  ['syncChannel', () => kept(syncChannel(4, f64))],
  ['broadcast', () => kept(broadcast(4, f64))],
];

const upTo = (count: number) => Array.from({ length: count }, (_, number) => number);

async function all(rx: Receiver<number>): Promise<number[]> {
  const values: number[] = [];
  for await (const value of rx) values.push(value);
  return values;
}

describe.each(flavors)('from %s', (_from, near) => {
  test.each(flavors)('to %s every message goes, in order, and then the end', async (_to, far) => {
    const [tx, from] = near();
    const [to, rx] = far();
    const piped = pipe(from, to);
    const received = all(rx);
    for (const number of upTo(100)) await tx.send(number);
    tx.end();
    expect(await piped).toBe(100);
    expect(await received).toEqual(upTo(100));
    expect(rx.closeReason?.kind).toBe('ended');
  });
});

test('a full far side holds the near one up, and no more than max messages lie between', async () => {
  const [tx, from] = kept(bounded(2, f64));
  const [to, rx] = kept(bounded(1, f64));
  const piped = pipe(from, to, { max: 3 });
  let sent = 0;
  const sending = (async () => {
    for (; sent < 50; sent += 1) await tx.send(sent);
    tx.end();
  })();
  while (to.stats().waitingSenders === 0 || tx.stats().waitingSenders === 0) await new Promise(setImmediate);
  expect(sent).toBeLessThanOrEqual(1 + 3 + 2 + 1);
  expect(await all(rx)).toEqual(upTo(50));
  await sending;
  expect(await piped).toBe(50);
});

test('a failure is carried with its reason, after what was accepted, and rejects', async () => {
  const [tx, from] = kept(bounded(8, f64));
  const [to, rx] = kept(bounded(8, f64));
  tx.trySendMany([1, 2]);
  tx.fail(new RangeError('cut short'));
  const error = await rejection(pipe(from, to));
  expect(error).toBeInstanceOf(ChannelFailedError);
  expect(rx.tryRecvMany(8)).toEqual([1, 2]);
  const far = await rejection(rx.recv());
  expect(far).toBeInstanceOf(ChannelFailedError);
  expect((far as Error).cause).toMatchObject({ name: 'RangeError', message: 'cut short' });
});

test('a far side that closes closes the near receiver, and rejects', async () => {
  const [tx, from] = kept(bounded(8, f64));
  const [to, rx] = kept(bounded(1, f64));
  const piped = pipe(from, to);
  rx.close();
  await tx.send(1);
  expect(await rejection(piped)).toBeInstanceOf(ChannelClosedError);
  expect(await rejection(tx.send(2))).toBeInstanceOf(ChannelClosedError);
});

test('what the far side cannot encode fails it', async () => {
  const odd: Codec<number> = {
    name: 'odd',
    encode(value) {
      if (value % 2 === 0) throw new RangeError('even');
      return Uint8Array.of(value);
    },
    decode: (bytes) => bytes[0]!,
  };
  const [tx, from] = kept(bounded(8, f64));
  const [to, rx] = kept(bounded(8, { codec: odd }));
  const piped = pipe(from, to, { max: 1 });
  tx.trySendMany([1, 2]);
  expect(await rejection(piped)).toBeInstanceOf(ChannelCodecError);
  expect(await rx.recv()).toBe(1);
  expect(await rejection(rx.recv())).toBeInstanceOf(ChannelFailedError);
});

test('an abort stops it: what was taken is sent on, and both ends stay open', async () => {
  const [tx, from] = kept(bounded(8, f64));
  const [to, rx] = kept(bounded(1, f64));
  const abort = new AbortController();
  tx.trySendMany([1, 2, 3]);
  const piped = pipe(from, to, { signal: abort.signal });
  while (to.stats().waitingSenders === 0) await new Promise(setImmediate);
  abort.abort(new Error('enough'));
  tx.trySend(4);
  const received = [await rx.recv(), await rx.recv(), await rx.recv()];
  expect(await rejection(piped)).toBe(abort.signal.reason);
  expect(received).toEqual([1, 2, 3]);
  expect([rx.tryRecv(), from.tryRecv()]).toEqual([undefined, 4]);
  expect([from.isClosed, to.isClosed]).toEqual([false, false]);
});

test('with end: false the far side stays open, so that several pipes lead into one', async () => {
  const [to, rx] = kept(unbounded(f64));
  const counts = upTo(3).map(async (first) => {
    const [tx, from] = kept(bounded(1, f64));
    const piped = pipe(from, to, { end: false });
    await tx.send(first);
    tx.end();
    return piped;
  });
  expect(await Promise.all(counts)).toEqual([1, 1, 1]);
  expect(rx.tryRecvMany(8).sort()).toEqual([0, 1, 2]);
  expect(to.isClosed).toBe(false);
});

class Given implements Settling<number> {
  settled: 'ack' | 'nack' | undefined;
  constructor(
    readonly value: number,
    readonly whenSettled: (what: string) => void,
  ) {}
  ack(): boolean {
    return this.#settle('ack');
  }
  nack(): boolean {
    return this.#settle('nack');
  }
  #settle(how: 'ack' | 'nack'): boolean {
    if (this.settled !== undefined) return false;
    this.settled = how;
    this.whenSettled(`${how} ${this.value}`);
    return true;
  }
}

/** A receiver of leases, given out all at once; then it is closed. */
function leases(count: number, told: (what: string) => void) {
  let given = false;
  return {
    async recv() {
      return undefined as never;
    },
    async recvMany() {
      if (given) throw new ChannelClosedError('all given');
      given = true;
      return upTo(count).map((value) => new Given(value, told));
    },
    batches: () => ({}) as AsyncIterable<Given[]>,
    [Symbol.asyncIterator]: () => ({}) as AsyncIterator<Given>,
    close() {},
  };
}

test('a lease is acknowledged after the far side has accepted its value, and given back where it has not', async () => {
  const told: string[] = [];
  const [to, rx] = kept(bounded(2, f64));
  const piped = pipe(
    leases(4, (what) => told.push(what)),
    to,
  );
  while (to.stats().waitingSenders === 0) await new Promise(setImmediate);
  expect(told).toEqual([]);
  to.end();
  expect(await rejection(piped)).toBeInstanceOf(ChannelClosedError);
  expect(told).toEqual(['ack 0', 'ack 1', 'nack 2', 'nack 3']);
  expect(await all(rx)).toEqual([0, 1]);
});

test('an abort gives leases back at once that nobody has accepted', async () => {
  const told: string[] = [];
  const [to] = kept(bounded(1, f64));
  const abort = new AbortController();
  const piped = pipe(
    leases(3, (what) => told.push(what)),
    to,
    { signal: abort.signal },
  );
  while (to.stats().waitingSenders === 0) await new Promise(setImmediate);
  abort.abort();
  expect(await rejection(piped)).toBe(abort.signal.reason);
  expect(told).toEqual(['ack 0', 'nack 1', 'nack 2']);
});

test.each([
  [() => pipe(undefined as never, bounded(1)[0]), 'ERR_INVALID_ARG_TYPE'],
  [() => pipe(bounded(1)[1], {} as never), 'ERR_INVALID_ARG_TYPE'],
  [() => pipe(bounded(1)[1], bounded(1)[0], { max: 0 }), 'ERR_OUT_OF_RANGE'],
  [() => pipe(bounded(1)[1], bounded(1)[0], { end: 1 } as never), 'ERR_INVALID_ARG_TYPE'],
  [() => pipe(bounded(1)[1], bounded(1)[0], { ends: true } as never), 'ERR_INVALID_ARG_VALUE'],
  [() => pipe(bounded(1)[1], bounded(1)[0], { signal: {} } as never), 'ERR_INVALID_ARG_TYPE'],
] as const)('misuse %# rejects, and says how', async (misuse, code) => {
  expect(await rejection(misuse())).toMatchObject({ code });
});
