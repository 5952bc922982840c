// A ref that is held for ever: its bytes stay as they were, and the channel goes on as if it were not there.
import { bounded, type BytesLike, type Receiver, type RecvRef, type Sender, unbounded } from 'millrace';
import { expect, test } from 'vitest';

import { payloadOf, sameBytes } from '../bytes-kinds';

const messages = 5000;

const channels: [string, number, () => [Sender<BytesLike>, Receiver<Uint8Array>]][] = [
  ['bounded(1)', 64, () => bounded(1)],
  ['bounded(1)', 5000, () => bounded(1)],
  ['unbounded', 100_000, () => unbounded()],
  // The held one is in the only slot.
  ['bounded(1, { slotBytes })', 5000, () => bounded(1, { slotBytes: 5000 })],
];

/** Sends and receives by each verb in turn, and in place; whether what came was what went. */
function roundOf(number: number, tx: Sender<BytesLike>, rx: Receiver<Uint8Array>, message: Uint8Array) {
  if (number % 3 === 0) {
    const ref = tx.sendRef(message.length);
    ref.bytes.set(message);
    if (!ref.trySend()) return false;
  } else if (!tx.trySend(message)) {
    return false;
  }
  if (number % 2 === 0) return sameBytes(rx.tryRecv(), message);
  using read = rx.tryRecvRef() as RecvRef;
  return sameBytes(read.bytes, message);
}

test.each(channels)(
  '%s of %d bytes: while a ref is held, thousands of messages pass',
  async (_, length, open) => {
    const [tx, rx] = open();
    const first = payloadOf(length, 77);
    tx.trySend(first);
    const held = await rx.recvRef();
    // One is looked at before, the other for the first time at the end.
    tx.trySend(first);
    const unseen = rx.recvRefSync();
    const view = held.bytes;
    const other = payloadOf(length, 78);
    let wrong = 0;
    for (let number = 0; number < messages; number += 1) {
      other[0] = number;
      if (!roundOf(number, tx, rx, other)) wrong += 1;
      // What is found by the collector comes back between turns.
      if (number % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(wrong).toBe(0);
    expect(held.bytes).toBe(view);
    expect([view, unseen.bytes].map((bytes) => sameBytes(bytes, first))).toEqual([true, true]);
    expect(rx.stats()).toMatchObject({ sent: messages + 2, received: messages + 2, length: 0, bytes: 0 });
    // The channel closes, and the refs are there still.
    tx.close();
    rx.close();
    expect([held.bytes, unseen.bytes].map((bytes) => sameBytes(bytes, first))).toEqual([true, true]);
    held[Symbol.dispose]();
    unseen[Symbol.dispose]();
  },
);
