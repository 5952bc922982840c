// Nobody has a view of a message in flight: whatever is written through a kept view, and however its memory was
// moved, a receiver sees what was sent, and a later message what was sent later.
import type { RecvRef, SendRef } from 'millrace';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';

import { bounded, ChannelStateError } from 'millrace';
import { expect, test } from 'vitest';

const length = 100_000;
type Transferable = ArrayBuffer & { transfer?(): ArrayBuffer };

function posted(buffer: ArrayBuffer): ArrayBuffer {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(buffer, [buffer]);
  const { message } = receiveMessageOnPort(port2) as { message: ArrayBuffer };
  port1.close();
  return message;
}

/**
 * Ways to move memory away, and whether they move what a ref shows: where there is no `transfer` (Node 20), they copy
 * native memory; where nothing is lent, it is the engine's own.
 */
const taken = 'transfer' in ArrayBuffer.prototype || process.env['MILLRACE_COPY'] === '1';
const moves: [name: string, takes: boolean, move: (buffer: ArrayBuffer) => ArrayBuffer][] = [
  ['structuredClone', taken, (buffer) => structuredClone(buffer, { transfer: [buffer] })],
  ['postMessage', taken, posted],
];
if ('transfer' in ArrayBuffer.prototype) {
  moves.push(['transfer', true, (buffer) => (buffer as Transferable).transfer!()]);
}

/** A view of where the memory is after a move, or of a copy where it only copies. */
function moved(ref: SendRef | RecvRef, move: (buffer: ArrayBuffer) => ArrayBuffer): Uint8Array {
  return new Uint8Array(move(ref.bytes.buffer as ArrayBuffer));
}

/** Every view that can be had of some memory. */
function viewsOf({ buffer }: Uint8Array): Uint8Array[] {
  return [new Uint8Array(buffer), new Uint8Array(buffer, 8), Buffer.from(buffer)];
}

/** Writes through views wherever they have memory. */
function scribble(views: readonly Uint8Array[]): void {
  for (const view of views) if (view.length > 0) view.fill(0xee);
}

function wholeOf(ref: RecvRef | undefined, value: number): boolean {
  const whole = ref?.bytes.length === length && ref.bytes.every((byte) => byte === value);
  ref?.[Symbol.dispose]();
  return whole;
}

test('what is written through kept views after a send, a forward or a dispose is seen by nobody', async () => {
  const [tx, rx] = bounded(8);
  const [next, last] = bounded(8);
  const kept: Uint8Array[] = [];
  const keep = (bytes: Uint8Array): void => void kept.push(bytes, ...viewsOf(bytes));
  for (let round = 1; round <= 20; round += 1) {
    const ref = tx.sendRef(length);
    keep(ref.bytes);
    ref.bytes.fill(round);
    if (round % 3 === 0) await ref.send();
    else if (round % 3 === 1) ref.sendSync();
    else ref.trySend();
    scribble(kept);
    const between = await rx.recvRef();
    keep(between.bytes);
    expect(between.bytes.every((byte) => byte === round)).toBe(true);
    if (round % 2 === 0) await between.forward(next);
    else between.tryForward(next);
    scribble(kept);
    const unsent = tx.sendRef(length);
    keep(unsent.bytes);
    unsent[Symbol.dispose]();
    scribble(kept);
    const read = last.recvRefSync();
    keep(read.bytes);
    expect(wholeOf(read, round)).toBe(true);
    scribble(kept);
  }
  expect(kept.length).toBeGreaterThan(300);
  expect(kept.every((view) => view.length === 0)).toBe(true);
  for (const end of [tx, rx, next, last]) end.close();
});

test('a view of a send that was refused, and of one that is pending, is detached', async () => {
  const [tx, rx] = bounded(1);
  tx.trySend(new Uint8Array(length).fill(1));
  const ref = tx.sendRef(length);
  const kept = viewsOf(ref.bytes);
  ref.bytes.fill(2);
  expect(ref.trySend()).toBe(false);
  scribble(kept);
  kept.push(...viewsOf(ref.bytes));
  const pending = ref.send();
  scribble(kept);
  expect(wholeOf(rx.tryRecvRef(), 1)).toBe(true);
  await pending;
  expect(wholeOf(rx.tryRecvRef(), 2)).toBe(true);
  tx.close();
  rx.close();
});

const sends: ((ref: SendRef) => unknown)[] = [
  (ref) => ref.trySend(),
  (ref) => ref.send(),
  (ref) => ref.sendSync(),
  (ref) => ref.send(length, { timeout: 0 }),
];

test.each(moves)('memory moved away by %s is never in flight: the ref is no more', async (_, takes, move) => {
  const [tx, rx] = bounded(64);
  const forwards: ((ref: RecvRef) => unknown)[] = [
    (ref) => ref.tryForward(tx),
    (ref) => ref.forward(tx),
    (ref) => ref.forwardSync(tx),
  ];
  const away: Uint8Array[] = [];
  let here = 0;
  const attempt = async <R extends SendRef | RecvRef>(ref: R, verb: (ref: R) => unknown) => {
    const bytes = moved(ref, move);
    if (ref.bytes.length > 0) {
      here += 1;
      await verb(ref);
      return;
    }
    away.push(bytes);
    for (const again of [verb, verb]) {
      await expect((async () => again(ref))()).rejects.toThrow(ChannelStateError);
    }
    ref[Symbol.dispose]();
    expect(ref.bytes.length).toBe(0);
  };
  for (const send of sends) {
    const ref = tx.sendRef(length);
    ref.bytes.fill(5);
    await attempt(ref, send);
  }
  for (const forward of forwards) {
    tx.trySend(new Uint8Array(length).fill(5));
    while (rx.length > 1) expect(wholeOf(rx.tryRecvRef(), 5)).toBe(true);
    await attempt(rx.recvRefSync(), forward);
  }
  tx.trySend(new Uint8Array(length).fill(5));
  while (rx.length > 1) expect(wholeOf(rx.tryRecvRef(), 5)).toBe(true);
  const disposed = rx.recvRefSync();
  away.push(moved(disposed, move).slice());
  disposed[Symbol.dispose]();
  const attempts = sends.length + forwards.length;
  expect([rx.length, here, away.length]).toEqual(takes ? [0, 0, attempts + 1] : [0, attempts, 1]);
  // Other messages have other memory, and what was moved away is as it was.
  const refs = Array.from({ length: 8 }, () => tx.sendRef(length));
  for (const ref of refs) ref.bytes.fill(6);
  expect(away.every((view) => view.length === length && view.every((byte) => byte === 5))).toBe(true);
  for (const ref of refs) ref.trySend();
  scribble(away);
  expect(refs.every(() => wholeOf(rx.tryRecvRef(), 6))).toBe(true);
  tx.close();
  rx.close();
});

test('fresh memory of a ref shows nothing that was never written to it', () => {
  const [tx, rx] = bounded(8);
  const lengths = [100, 5000, 70_000, 3_000_000];
  const refs = lengths.map((bytes) => tx.sendRef(bytes));
  for (const ref of refs) expect(ref.bytes.every((byte) => byte === 0)).toBe(true);
  for (const ref of refs) ref[Symbol.dispose]();
  tx.close();
  rx.close();
});
