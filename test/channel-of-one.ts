// A channel with one message in it, anew for each test, and that a call which was refused has not harmed it.
import { bounded, type BytesLike, type Receiver, type Sender } from 'millrace';
import { afterEach, beforeEach, expect } from 'vitest';

export let tx: Sender<BytesLike>;
export let rx: Receiver<Uint8Array>;

/** For each test of the file that calls it. */
export function useChannelOfOne(): void {
  beforeEach(() => {
    [tx, rx] = bounded(4);
    tx.trySend(Uint8Array.of(1));
  });
  afterEach(() => {
    tx.close();
    rx.close();
  });
}

/** From here on these ends are meant, as after a transfer. */
export function goOnWith(ends: { tx: Sender<BytesLike>; rx: Receiver<Uint8Array> }): void {
  ({ tx, rx } = ends);
}

/** The channel is as it was: one message, nobody waiting, and it goes on working. */
export function expectUnharmed(): void {
  const figures = { sent: 1, received: 0, length: 1, skipped: 0, waitingSenders: 0, waitingReceivers: 0 };
  expect(tx.stats()).toMatchObject({ ...figures, senders: 1, receivers: 1, tickets: 0 });
  expect(tx.trySend(Uint8Array.of(2))).toBe(true);
  expect([rx.tryRecv(), rx.tryRecv(), rx.tryRecv()]).toEqual([Uint8Array.of(1), Uint8Array.of(2), undefined]);
}
