// `slotBytes`: what fits is carried as by any channel, and what does not is refused before anything is touched.
import { serialize } from 'node:v8';
import { type BytesLike, type Receiver, type Sender, bounded, select, sending, trySelect } from 'millrace';
import { describe, expect, test } from 'vitest';

import { payloadOf, sameBytes } from '../bytes-kinds';
import { failureOf, refusedRange } from '../misuse';

/** The error of a message of `length` bytes where at most `most` fit. */
const tooLong = (most: number, length: number, bound = 'slotBytes'): object =>
  refusedRange('value', `at most ${most} bytes long, which is the channel's ${bound}`, String(length));

function close(...ends: { close(): void }[]): void {
  for (const end of ends) end.close();
}

describe.each([1, 64, 65, 100, 4096, 65_536, 100_000])('slots of %d bytes', (slotBytes) => {
  const lengths = [...new Set([0, 1, 64, 65, slotBytes - 1, slotBytes])].filter(
    (length) => length <= slotBytes,
  );

  test('carry messages of every length up to that, more of them than there are slots', async () => {
    const [tx, rx] = bounded(3, { slotBytes, prefault: true });
    const kept: [Uint8Array, Uint8Array][] = [];
    for (let round = 0; round < 20; round += 1) {
      for (const length of lengths) {
        const message = payloadOf(length, round);
        expect(tx.trySend(message)).toBe(true);
        kept.push([message, rx.tryRecv()!]);
        const pending = [1, 2, 3, 4, 5].map(() => tx.send(message));
        expect(tx.isFull).toBe(true);
        const received = [...rx.tryRecvMany(2), await rx.recv(), rx.recvSync(), rx.tryRecv()];
        expect(received.every((bytes) => sameBytes(bytes, message))).toBe(true);
        await Promise.all(pending);
      }
    }
    for (const [sent, received] of kept) expect(sameBytes(received, sent)).toBe(true);
    close(tx, rx);
  });

  const long = payloadOf(slotBytes + 1);
  const fits = payloadOf(slotBytes);
  const verbs: [string, (tx: Sender<BytesLike>) => unknown][] = [
    ['trySend', (tx) => tx.trySend(long)],
    ['send', (tx) => tx.send(long)],
    ['sendSync', (tx) => tx.sendSync(long)],
    ['trySendMany', (tx) => tx.trySendMany([fits, long])],
    ['sendMany', (tx) => tx.sendMany([fits, long])],
    ['sendManySync', (tx) => tx.sendManySync([fits, long])],
    ['trySelect', (tx) => trySelect({ out: sending(tx, long) })],
    ['select', (tx) => select({ out: sending(tx, long) })],
  ];

  test.each(verbs)('%s of one byte more is a RangeError, and nothing is sent', async (_, send) => {
    const [tx, rx] = bounded(4, { slotBytes });
    expect(await failureOf(() => send(tx))).toMatchObject(tooLong(slotBytes, slotBytes + 1));
    expect(tx.stats()).toMatchObject({ sent: 0, length: 0, bytes: 0, waitingSenders: 0 });
    expect(tx.trySend(fits)).toBe(true);
    expect(sameBytes(rx.tryRecv(), fits)).toBe(true);
    close(tx, rx);
  });
});

describe.each([1, 64, 4097, 100_000])(
  'one byte more than slots of %d bytes, in place or in a block',
  (slotBytes) => {
    const [long, fits] = [payloadOf(slotBytes + 1), payloadOf(slotBytes)];

    test('sendRef is a RangeError, and takes nothing', async () => {
      const [tx, rx] = bounded(2, { slotBytes });
      for (let attempt = 0; attempt < 10; attempt += 1) {
        expect(await failureOf(() => tx.sendRef(slotBytes + 1))).toMatchObject(
          refusedRange('byteLength', `at most ${slotBytes}`, String(slotBytes + 1)),
        );
      }
      for (const ref of [tx.sendRef(slotBytes), tx.sendRef(slotBytes)]) {
        ref.bytes.set(fits);
        expect(ref.trySend()).toBe(true);
      }
      expect(rx.tryRecvMany(4).map((bytes) => sameBytes(bytes, fits))).toEqual([true, true]);
      close(tx, rx);
    });

    test('forwarding it there is a RangeError, and the ref still has its bytes, for another channel', async () => {
      const [tx, rx] = bounded(2, { slotBytes });
      const [wide, there] = bounded(2);
      wide.trySend(long);
      const ref = there.recvRefSync();
      for (const forward of [() => ref.tryForward(tx), () => ref.forward(tx), () => ref.forwardSync(tx)]) {
        expect(await failureOf(forward)).toMatchObject(tooLong(slotBytes, slotBytes + 1));
        expect(sameBytes(ref.bytes, long)).toBe(true);
      }
      expect(tx.stats()).toMatchObject({ sent: 0, length: 0, bytes: 0, waitingSenders: 0 });
      expect(ref.tryForward(wide)).toBe(true);
      expect(sameBytes(there.tryRecv(), long)).toBe(true);
      wide.trySend(fits);
      there.recvRefSync().forwardSync(tx);
      expect(sameBytes(rx.tryRecv(), fits)).toBe(true);
      close(tx, rx, wide, there);
    });

    test('adding it to a batch is a RangeError, and what was added before and after is sent', async () => {
      const [tx, rx] = bounded(8, { slotBytes });
      const batch = tx.batch();
      // So short that it lies in the open block.
      const short = payloadOf(slotBytes >> 2);
      batch.trySend(short);
      for (const add of [() => batch.trySend(long), () => batch.send(long), () => batch.sendSync(long)]) {
        expect(await failureOf(add)).toMatchObject(tooLong(slotBytes, slotBytes + 1));
      }
      batch.trySend(fits);
      batch.flushSync();
      const received = rx.tryRecvMany(8);
      expect(received.map(({ length }) => length)).toEqual([short.length, fits.length]);
      expect(sameBytes(received[0], short) && sameBytes(received[1], fits)).toBe(true);
      expect(batch.lost).toBe(0);
      batch.close();
      close(tx, rx);
    });
  },
);

test('the shorter of slotBytes and maxBytes says what is too long', async () => {
  for (const [maxBytes, slotBytes, name] of [
    [100, 200, 'maxBytes'],
    [200, 100, 'slotBytes'],
  ] as const) {
    const [tx, rx] = bounded(4, { maxBytes, slotBytes });
    expect(await failureOf(() => tx.trySend(payloadOf(101)))).toMatchObject(tooLong(100, 101, name));
    expect(tx.trySend(payloadOf(100))).toBe(true);
    close(tx, rx);
  }
});

test.each([
  ['text', 'x'.repeat(101), 101, 'caf\u00e9'],
  ['json', { long: 'x'.repeat(101) }, 112, { id: 1 }],
  ['structured', { long: 'x'.repeat(101) }, serialize({ long: 'x'.repeat(101) }).length, new Map([[1, 2]])],
] as const)('the encoded value is what must fit: %s', async (codec, long, length, short) => {
  const [tx, rx] = bounded(2, { codec, slotBytes: 100 } as never) as [Sender<unknown>, Receiver<unknown>];
  expect(await failureOf(() => tx.send(long))).toMatchObject(tooLong(100, length));
  expect(tx.trySend(short)).toBe(true);
  expect(rx.tryRecv()).toEqual(short);
  close(tx, rx);
});

test.each(['drop-oldest', 'drop-newest'] as const)('%s drops among slots', (overflow) => {
  const [tx, rx] = bounded(4, { overflow, slotBytes: 1000 });
  for (let index = 0; index < 1000; index += 1) tx.trySend(payloadOf(1000, index));
  const first = overflow === 'drop-oldest' ? 996 : 0;
  expect(rx.tryRecvMany(8)).toEqual([0, 1, 2, 3].map((index) => payloadOf(1000, first + index)));
  expect(tx.stats()).toMatchObject({ sent: 1000, dropped: 996, received: 4 });
  close(tx, rx);
});
