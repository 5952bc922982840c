// A buffer that waits for room is the caller's until its send is accepted; and memory of millrace's own moves without a copy.
import { createRequire } from 'node:module';

import { alloc, type BytesLike, type Receiver, type Sender } from 'millrace';
import { bounded, toReadable, transfer, attach } from 'millrace';
import { afterEach, describe, expect, test } from 'vitest';

import { refuse, rows } from '../laws/rows';
import { failureOf } from '../misuse';
import { made, type Made } from '../refs/in-place';
import { until } from '../laws/until';
import { isDetached } from './moved';

const length = 10_000;
/** From here on a thread is lent what it receives: on Node 20 more has to lie in it. */
const least = 'transfer' in ArrayBuffer.prototype ? 4097 : 8193;
const copies = process.env['MILLRACE_COPY'] === '1';

const kinds: [string, (value: number) => Uint8Array<ArrayBuffer>][] = [
  ['from alloc', (value) => alloc(length).fill(value)],
  ['the engine’s', (value) => new Uint8Array(length).fill(value)],
  ['a whole Buffer', (value) => Buffer.alloc(length, value)],
];

const opened: Made[] = [];
afterEach(() => {
  for (const ends of opened.splice(0)) for (const end of ends) end.close();
});

const isOf = (bytes: Uint8Array, value: number): boolean =>
  bytes.length === length && bytes.every((byte) => byte === value);

const fullable = rows.filter((row) => row.capacity !== Infinity);

describe.each(fullable)('$name', (row) => {
  /** A full channel, with what lies in it. */
  function full(): [...Made, number] {
    const [tx, rx] = made(row.flavor, row.capacity) as Made;
    opened.push([tx, rx]);
    let queued = 0;
    while (tx.trySend(Uint8Array.of(0))) queued += 1;
    return [tx, rx, queued];
  }

  async function takeAll(rx: Receiver<Uint8Array>, count: number): Promise<Uint8Array[]> {
    const taken: Uint8Array[] = [];
    while (taken.length < count) taken.push(await rx.recv());
    return taken;
  }

  test.each(kinds)('%s: detached when its pending send is accepted, and not before', async (_, make) => {
    const [tx, rx, queued] = full();
    const buffers = [make(1), make(2)];
    const sends = buffers.map((bytes) => tx.send(bytes, { transfer: true }));
    expect(buffers.map((bytes, at) => isOf(bytes, at + 1))).toEqual([true, true]);
    // What is written while it waits is the caller's own.
    buffers[1]!.fill(9);
    const taken = await takeAll(rx, queued + 2);
    await Promise.all(sends);
    expect(buffers.map(({ buffer }) => isDetached(buffer))).toEqual([true, true]);
    expect(taken.slice(queued).map((bytes, at) => isOf(bytes, at + 1))).toEqual([true, true]);
  });

  test.each(kinds)('%s: aborted, timed out, closed meanwhile, it is whole', async (_, make) => {
    const [tx, rx] = full();
    const buffers = [make(1), make(2), make(3), make(4)];
    const aborting = new AbortController();
    const sends = [
      tx.send(buffers[0]!, { transfer: true, signal: aborting.signal }),
      tx.send(buffers[1]!, { transfer: true, timeout: 1 }),
      tx.send(buffers[2]!, { transfer: true }),
    ];
    const aborted = tx.send(buffers[3]!, { transfer: true, signal: AbortSignal.abort(7) });
    expect(await failureOf(() => aborted)).toBe(7);
    expect(await sends[1]).toBe(false);
    aborting.abort(5);
    expect(await failureOf(() => sends[0])).toBe(5);
    refuse(row, [tx, rx] as never);
    expect(await failureOf(() => sends[2])).toMatchObject({ code: 'ERR_CHANNEL_CLOSED' });
    const late = make(5);
    for (const send of [
      () => tx.trySend(late, { transfer: true }),
      () => tx.send(late, { transfer: true }),
      () => tx.sendSync(late, { transfer: true }),
    ]) {
      expect(await failureOf(send)).toMatchObject({ code: 'ERR_CHANNEL_CLOSED' });
    }
    expect([...buffers, late].map((bytes, at) => isOf(bytes, at + 1))).toEqual(Array(5).fill(true));
  });

  test.each(kinds)(
    '%s: sent elsewhere while it waits, it is detached once, and both arrive',
    async (_, make) => {
      const [tx, rx, queued] = full();
      const [other, otherEnd] = bounded(1);
      opened.push([other, otherEnd]);
      const bytes = make(3);
      const pending = tx.send(bytes, { transfer: true });
      expect(other.trySend(bytes, { transfer: true })).toBe(true);
      expect(isDetached(bytes.buffer)).toBe(true);
      const taken = await takeAll(rx, queued + 1);
      await pending;
      expect([isOf(taken[queued]!, 3), isOf(otherEnd.tryRecv()!, 3)]).toEqual([true, true]);
    },
  );

  test.each(kinds)(
    '%s: a pending send whose handle is closed is accepted, and detaches it',
    async (_, make) => {
      const [tx, rx, queued] = full();
      const bytes = make(4);
      const pending = tx.send(bytes, { transfer: true });
      tx.close();
      expect(isOf(bytes, 4)).toBe(true);
      const taken = await takeAll(rx, queued + 1);
      await pending;
      expect([isDetached(bytes.buffer), isOf(taken[queued]!, 4)]).toEqual([true, true]);
    },
  );
});

interface Border {
  readonly binding: { registry(): void; countLoans(): void };
  readonly outcome: Float64Array;
}

const { binding, outcome } = createRequire(import.meta.url)('../../dist/border/binding.js') as Border;

/** How often memory was made for a block by itself. */
function blocksMade(): number {
  binding.registry();
  return outcome[5]!;
}

/** Bytes that callers have of this thread's. */
function bytesOut(): number {
  binding.countLoans();
  return outcome[2]!;
}

type Pass = (tx: Sender<BytesLike>, rx: Receiver<Uint8Array>) => Promise<void>;

async function pass(tx: Sender<BytesLike>, rx: Receiver<Uint8Array>, steps: readonly Pass[]): Promise<void> {
  for (let round = 0; round < 300; round += 1) await steps[round % steps.length]!(tx, rx);
}

const steps: Record<string, Pass> = {
  'trySend of what tryRecv gave': async (tx, rx) => void tx.trySend(rx.tryRecv()!, { transfer: true }),
  'send of what recv gave': async (tx, rx) => void (await tx.send(await rx.recv(), { transfer: true })),
  'sendSync of what recvSync gave': async (tx, rx) => tx.sendSync(rx.recvSync(), { transfer: true }),
  'send of what a ref kept': async (tx, rx) => {
    const ref = await rx.recvRef();
    await tx.send(ref.keep(), { transfer: true });
  },
  'send of what refs() kept': async (tx, rx) => {
    for await (const ref of rx.refs()) {
      tx.trySend(ref.keep(), { transfer: true });
      break;
    }
  },
};

describe.skipIf(copies)('without a copy', () => {
  test.each(Object.entries(steps))('one block goes round by %s', async (_, step) => {
    const [tx, rx] = bounded(2);
    opened.push([tx, rx]);
    const bytes = alloc(600_000).fill(5);
    const before = blocksMade();
    tx.trySend(bytes, { transfer: true });
    await pass(tx, rx, [step]);
    expect(blocksMade()).toBe(before);
    expect(rx.tryRecv()!.every((byte) => byte === 5)).toBe(true);
  });

  test('one block goes round by all of them, short as it may be, and through channels, tickets and streams', async () => {
    const [tx, rx] = bounded(2, { codec: 'buffer' });
    opened.push([tx, rx]);
    const before = blocksMade();
    tx.trySend(alloc(least).fill(6), { transfer: true });
    await pass(tx, rx, Object.values(steps));
    const ends = attach(transfer({ tx: tx.clone(), rx: rx.clone() }));
    await pass(ends.tx, ends.rx, Object.values(steps));
    let chunk: Buffer | undefined;
    for await (chunk of toReadable(ends.rx)) break;
    tx.trySend(chunk!, { transfer: true });
    ends.tx.close();
    // One that alloc had made.
    expect(blocksMade() - before).toBeLessThanOrEqual(1);
    expect(rx.tryRecv()!.every((byte) => byte === 6)).toBe(true);
  });
});

test('memory that was moved away by others is not sent', async () => {
  const [tx, rx] = bounded(2);
  opened.push([tx, rx]);
  const bytes = alloc(length).fill(1);
  const elsewhere = new Uint8Array(structuredClone(bytes.buffer, { transfer: [bytes.buffer] }));
  if (bytes.length > 0) return;
  expect(await failureOf(() => tx.trySend(bytes, { transfer: true }))).toMatchObject({ name: 'TypeError' });
  // It is whole where it is, and moved from there as anything is.
  expect(isOf(elsewhere, 1)).toBe(true);
  expect(tx.trySend(elsewhere, { transfer: true })).toBe(true);
  expect([isDetached(elsewhere.buffer), isOf(rx.tryRecv()!, 1)]).toEqual([true, true]);
});

test('an open batch goes before what is moved', async () => {
  const [tx, rx] = bounded(8);
  opened.push([tx, rx]);
  const batch = tx.batch();
  for (const send of [
    (bytes: Uint8Array) => tx.trySend(bytes, { transfer: true }),
    (bytes: Uint8Array) => tx.send(bytes, { transfer: true }),
    (bytes: Uint8Array) => tx.sendSync(bytes, { transfer: true }),
  ]) {
    batch.trySend(Uint8Array.of(1));
    await send(alloc(length).fill(2));
    expect([rx.tryRecv()![0], rx.tryRecv()![0], rx.tryRecv()]).toEqual([1, 2, undefined]);
  }
  batch.close();
});

test.each(['drop-oldest', 'drop-newest'] as const)(
  '%s: what is dropped is detached all the same, and counted',
  (overflow) => {
    const [tx, rx] = bounded(1, { overflow });
    opened.push([tx, rx]);
    const buffers = [1, 2, 3].map((value) => alloc(length).fill(value));
    for (const bytes of buffers) expect(tx.trySend(bytes, { transfer: true })).toBe(true);
    expect(buffers.map(({ buffer }) => isDetached(buffer))).toEqual([true, true, true]);
    expect(tx.stats().dropped).toBe(2);
    expect(isOf(rx.tryRecv()!, overflow === 'drop-oldest' ? 3 : 1)).toBe(true);
  },
);

test.skipIf(copies)('what a thread was lent and has sent on is not counted as lent any more', async () => {
  const [tx, rx] = bounded(4);
  opened.push([tx, rx]);
  const before = bytesOut();
  const buffers = [alloc(1_000_000), alloc(1_000_000), alloc(1_000_000)];
  expect(bytesOut() - before).toBe(3_000_000);
  tx.trySend(buffers[0]!, { transfer: true });
  await tx.send(buffers[1]!, { transfer: true });
  tx.sendSync(buffers[2]!, { transfer: true });
  expect(bytesOut()).toBe(before);
  const kept = rx.recvRefSync().keep();
  expect(bytesOut() - before).toBe(1_000_000);
  expect(tx.trySend(kept, { transfer: true })).toBe(true);
  await until(() => bytesOut() === before, 'nothing is lent out');
});
