// rx.refs(): each message is lent for a step, and taken back however the loop ends, unless it was forwarded or kept.
import { markAsUntransferable } from 'node:worker_threads';

import { type RecvRef, type SendRef, bounded } from 'millrace';
import { afterEach, describe, expect, test } from 'vitest';

import { rows } from '../laws/rows';
import { failureOf, refusedState } from '../misuse';
import { made, type Made } from '../refs/in-place';

const opened: Made[] = [];
afterEach(() => {
  for (const ends of opened.splice(0)) for (const end of ends) end.close();
});

const lengths = [8, 5000, 100_000];

/** The ends of a channel, and `count` messages on their way: 0, 0, ...; 1, 1, ... */
function sending(row: (typeof rows)[number], count: number): [...Made, Promise<unknown>] {
  const [tx, rx] = made(row.flavor, row.capacity) as Made;
  opened.push([tx, rx]);
  const sends = Array.from({ length: count }, (_, value) =>
    tx.send(new Uint8Array(lengths[value % lengths.length]!).fill(value)),
  );
  return [tx, rx, Promise.all(sends)];
}

const isOf = ({ bytes }: { bytes: Uint8Array }, value: number): boolean =>
  bytes.length === lengths[value % lengths.length] && bytes.every((byte) => byte === value);
const lengthsOf = (refs: readonly (RecvRef | SendRef)[]): number[] => refs.map(({ bytes }) => bytes.length);

describe.each(rows)('$name', (row) => {
  test('a message is whole in its step, and taken back at the next, and when the channel closes', async () => {
    const [tx, rx, sent] = sending(row, 6);
    const refs: RecvRef[] = [];
    for await (const ref of rx.refs()) {
      expect(lengthsOf(refs)).toEqual(refs.map(() => 0));
      expect(isOf(ref, refs.length)).toBe(true);
      refs.push(ref);
      if (refs.length === 6) tx.close();
    }
    await sent;
    expect(lengthsOf(refs)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(await failureOf(() => refs[5]!.forward(tx))).toMatchObject({ code: 'ERR_CHANNEL_STATE' });
  });

  test('the last one is taken back at a break, and at a throw', async () => {
    const [, rx, sent] = sending(row, 2);
    const refs: RecvRef[] = [];
    for await (const ref of rx.refs()) {
      refs.push(ref);
      void ref.bytes;
      break;
    }
    expect(lengthsOf(refs)).toEqual([0]);
    const thrown = failureOf(async () => {
      for await (const ref of rx.refs()) {
        refs.push(ref);
        throw new Error(String(ref.bytes[0]));
      }
    });
    expect(await thrown).toMatchObject({ message: '1' });
    expect(lengthsOf(refs)).toEqual([0, 0]);
    await sent;
  });

  test('what was kept is the caller’s, and what was forwarded is on its way', async () => {
    const [tx, rx, sent] = sending(row, 6);
    const [next, last] = bounded(1);
    opened.push([next, last]);
    const kept: [Uint8Array, number][] = [];
    const pending: Promise<unknown>[] = [];
    let step = 0;
    for await (const ref of rx.refs()) {
      if (step % 2 === 0) kept.push([ref.keep(), step]);
      else pending.push(ref.forward(next));
      step += 1;
      if (step === 6) tx.close();
    }
    await sent;
    for (const value of [1, 3, 5]) expect(isOf({ bytes: await last.recv() }, value)).toBe(true);
    await Promise.all(pending);
    expect(kept.map(([bytes, value]) => isOf({ bytes }, value))).toEqual([true, true, true]);
  });

  test('a ref that was kept is over', async () => {
    const [tx, rx, sent] = sending(row, 1);
    const ref = await rx.recvRef();
    const view = ref.bytes;
    const bytes = ref.keep();
    await sent;
    expect(bytes).toBe(view);
    ref[Symbol.dispose]();
    expect(isOf({ bytes }, 0)).toBe(true);
    for (const verb of [() => ref.keep(), () => ref.tryForward(tx), () => ref.forwardSync(tx)]) {
      expect(await failureOf(verb)).toMatchObject(
        refusedState("this ref was kept: its bytes are the caller's"),
      );
    }
  });

  test('an abort rejects the step that waits with its reason, and what was lent went back', async () => {
    const [, rx, sent] = sending(row, 1);
    const aborting = new AbortController();
    const refs: RecvRef[] = [];
    const loop = failureOf(async () => {
      for await (const ref of rx.refs({ signal: aborting.signal })) {
        refs.push(ref);
        void ref.bytes;
        queueMicrotask(() => aborting.abort('enough'));
      }
    });
    expect(await loop).toBe('enough');
    expect(lengthsOf(refs)).toEqual([0]);
    await sent;
    expect(rx.isClosed).toBe(false);
    const iterator = rx.refs({ signal: AbortSignal.abort('before') })[Symbol.asyncIterator]();
    expect(await failureOf(() => iterator.next())).toBe('before');
    expect(await iterator.next()).toEqual({ value: undefined, done: true });
  });

  test('a failed channel fails the loop once all was read', async () => {
    const [tx, rx, sent] = sending(row, Math.min(row.capacity, 2));
    await sent;
    tx.fail(new Error('half'));
    const refs: RecvRef[] = [];
    const loop = failureOf(async () => {
      for await (const ref of rx.refs()) {
        void ref.bytes;
        refs.push(ref);
      }
    });
    expect(await loop).toMatchObject({ code: 'ERR_CHANNEL_FAILED', cause: { message: 'half' } });
    expect(lengthsOf(refs)).toEqual(refs.map(() => 0));
    expect(refs).toHaveLength(Math.min(row.capacity, 2));
  });

  test('a handle that is closed in a step ends the loop; the ref outlives it until then', async () => {
    const [, rx, sent] = sending(row, 1);
    const refs: RecvRef[] = [];
    for await (const ref of rx.refs()) {
      refs.push(ref);
      rx.close();
      expect(isOf(ref, 0)).toBe(true);
    }
    await sent;
    expect(lengthsOf(refs)).toEqual([0]);
  });
});

test('a forward that comes to nothing after its step gives the memory back', async () => {
  const [tx, rx] = bounded(2);
  const [next, last] = bounded(1);
  opened.push([tx, rx], [next, last]);
  next.trySend(Uint8Array.of(1));
  tx.trySend(new Uint8Array(100_000));
  tx.close();
  const aborting = new AbortController();
  let pending: Promise<unknown> | undefined;
  let lent: RecvRef | undefined;
  for await (const ref of rx.refs()) {
    lent = ref;
    pending = ref.forward(next, { signal: aborting.signal });
  }
  aborting.abort('no');
  expect(await failureOf(() => pending)).toBe('no');
  expect(lent!.bytes.length).toBe(0);
  expect(await failureOf(() => lent!.keep())).toMatchObject({ code: 'ERR_CHANNEL_STATE' });
});

test('a short ref that is marked as untransferable is sent and disposed all the same, and what shows it is left', () => {
  const [tx, rx] = bounded(2);
  opened.push([tx, rx]);
  const [sent, disposed] = [tx.sendRef(100), tx.sendRef(100)];
  const view = sent.bytes.fill(7);
  for (const { bytes } of [sent, disposed]) markAsUntransferable(bytes.buffer);
  expect(sent.trySend()).toBe(true);
  disposed[Symbol.dispose]();
  expect(lengthsOf([sent, disposed])).toEqual([0, 0]);
  // Where it is left, it is the caller's own.
  if (view.length > 0) view.fill(9);
  const got = rx.recvRefSync();
  markAsUntransferable(got.bytes.buffer);
  expect(got.tryForward(tx)).toBe(true);
  expect(rx.tryRecv()).toEqual(new Uint8Array(100).fill(7));
});

test('a ref whose memory was moved away cannot be kept', async () => {
  const [tx, rx] = bounded(1);
  opened.push([tx, rx]);
  tx.trySend(new Uint8Array(100_000));
  const ref = rx.recvRefSync();
  const buffer = ref.bytes.buffer as ArrayBuffer;
  structuredClone(buffer, { transfer: [buffer] });
  if (ref.bytes.length > 0) return;
  expect(await failureOf(() => ref.keep())).toMatchObject({ code: 'ERR_CHANNEL_STATE' });
});
