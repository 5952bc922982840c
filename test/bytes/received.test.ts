// Bytes on their way out: the caller's to keep, and what a caller does to their memory harms nobody else.
import { bounded, type Receiver, unbounded } from 'millrace';
import { describe, expect, test } from 'vitest';

import { payloadOf, sameBytes, tryDetach } from '../bytes-kinds';

const lengths = [0, 1, 8, 63, 64, 65, 1000, 4095, 4096, 4097, 65_536, 65_537, 1_048_576];
const receives: Record<string, (rx: Receiver<Uint8Array>) => unknown> = {
  tryRecv: (rx) => rx.tryRecv(),
  recv: (rx) => rx.recv(),
  recvSync: (rx) => rx.recvSync(),
  'for await': async (rx) => {
    for await (const message of rx) return message;
    return undefined;
  },
};

/** The message after a move; Node lets nobody move the native memory of the longest, and says so or copies. */
function moved(message: Uint8Array): Uint8Array {
  try {
    return structuredClone(message, { transfer: [message.buffer as ArrayBuffer] });
  } catch (error) {
    expect([(error as Error).name, message.length > 65_536]).toEqual(['DataCloneError', true]);
    return message;
  }
}

describe.each(Object.entries(receives))('%s', (name, receive) => {
  test("gives plain Uint8Arrays for 'bytes', Buffers for 'buffer'", async () => {
    const [tx, rx] = unbounded();
    const [bufferTx, bufferRx] = unbounded({ codec: 'buffer' });
    for (const length of lengths) {
      tx.trySend(payloadOf(length));
      bufferTx.trySend(payloadOf(length));
      const message = (await receive(rx)) as Uint8Array;
      const buffer = (await receive(bufferRx)) as Buffer;
      expect(Object.getPrototypeOf(message)).toBe(Uint8Array.prototype);
      expect(Object.getPrototypeOf(buffer)).toBe(Buffer.prototype);
      expect(message.buffer).toBeInstanceOf(ArrayBuffer);
      expect([sameBytes(message, payloadOf(length)), sameBytes(buffer, payloadOf(length))]).toEqual([
        true,
        true,
      ]);
      expect([message.byteOffset % 8, buffer.byteOffset % 8]).toEqual([0, 0]);
    }
    for (const end of [tx, rx, bufferTx, bufferRx]) end.close();
  });

  test('messages that are kept stay as they were, and do not overlap', async () => {
    const [tx, rx] = unbounded();
    const kept: Uint8Array[] = [];
    for (let index = 0; index < 400; index += 1) {
      const length = lengths[index % (lengths.length - 1)]!;
      tx.trySend(payloadOf(length, index));
      kept.push((await receive(rx)) as Uint8Array);
    }
    for (const [index, message] of kept.entries()) {
      expect(sameBytes(message, payloadOf(message.length, index)), `message ${index}`).toBe(true);
      message.fill(0xee);
    }
    for (const message of kept) expect(message.every((byte) => byte === 0xee)).toBe(true);
    tx.trySend(payloadOf(64));
    expect(sameBytes((await receive(rx)) as Uint8Array, payloadOf(64))).toBe(true);
    tx.close();
    rx.close();
  });

  test('ownBuffers gives every message a buffer of exactly its length', async () => {
    const [tx, rx] = unbounded({ ownBuffers: true });
    for (const length of lengths) {
      tx.trySend(payloadOf(length));
      const message = (await receive(rx)) as Uint8Array;
      expect([message.byteOffset, message.buffer.byteLength]).toEqual([0, length]);
      expect(sameBytes(message, payloadOf(length))).toBe(true);
      expect(sameBytes(moved(message), payloadOf(length))).toBe(true);
    }
    tx.close();
    rx.close();
  });

  test('a receive that was waiting gets the same bytes as one that found them', async () => {
    if (name === 'tryRecv' || name === 'recvSync') return;
    const [tx, rx] = unbounded();
    for (const length of lengths) {
      const waiting = receive(rx) as Promise<Uint8Array>;
      tx.trySend(payloadOf(length));
      expect(sameBytes(await waiting, payloadOf(length)), `${length} bytes`).toBe(true);
    }
    tx.close();
    rx.close();
  });
});

describe('memory of received messages', () => {
  test('moving the block of one away empties its neighbours at worst, and those that come later are whole', () => {
    const [tx, rx] = unbounded();
    const send = (count: number) => {
      for (let index = 0; index < count; index += 1) tx.trySend(payloadOf(100, index));
    };
    send(3);
    const before = [rx.tryRecv()!, rx.tryRecv()!, rx.tryRecv()!];
    tryDetach(before[1]!.buffer);
    for (const [index, message] of before.entries()) {
      expect(message.length === 0 || sameBytes(message, payloadOf(100, index))).toBe(true);
    }
    send(900);
    for (let index = 0; index < 900; index += 1) {
      const message = rx.tryRecv();
      expect(sameBytes(message, payloadOf(100, index)), `message ${index}`).toBe(true);
      if (index % 100 === 50) tryDetach(message!.buffer);
    }
    tx.close();
    rx.close();
  });

  test('structuredClone with transfer of a shared block leaves its messages alone', () => {
    const [tx, rx] = unbounded();
    tx.trySend(payloadOf(100));
    const message = rx.tryRecv()!;
    try {
      structuredClone(message, { transfer: [message.buffer as ArrayBuffer] });
    } catch (error) {
      expect((error as Error).name).toBe('DataCloneError');
    }
    expect(sameBytes(message, payloadOf(100))).toBe(true);
    tx.close();
    rx.close();
  });

  test('a long message has a buffer of its own; what asks to move it moves it, or leaves it whole', () => {
    const [tx, rx] = unbounded();
    for (const length of [4097, 65_536, 65_537, 1_048_576]) {
      tx.trySend(payloadOf(length));
      const message = rx.tryRecv()!;
      expect([message.byteOffset, message.buffer.byteLength]).toEqual([0, length]);
      const whole = moved(message);
      expect(sameBytes(whole, payloadOf(length))).toBe(true);
    }
    tx.close();
    rx.close();
  });

  test('two receivers of a channel share no memory', () => {
    const [tx, rx] = unbounded();
    const twin = rx.clone();
    tx.trySend(payloadOf(10));
    tx.trySend(payloadOf(10));
    expect(rx.tryRecv()!.buffer).not.toBe(twin.tryRecv()!.buffer);
    for (const end of [tx, rx, twin]) end.close();
  });
});

describe('receiving into memory of the caller', () => {
  const into: Record<string, (rx: Receiver<Uint8Array>, target: Uint8Array) => number> = {
    tryRecvInto: (rx, target) => rx.tryRecvInto(target),
    recvIntoSync: (rx, target) => rx.recvIntoSync(target, { timeout: 0 }),
  };

  describe.each(Object.entries(into))('%s', (_, receiveInto) => {
    test('writes the message to the start of the target, and nothing else', () => {
      const [tx, rx] = unbounded();
      for (const length of lengths) {
        const block = new Uint8Array(length + 48).fill(0x11);
        tx.trySend(payloadOf(length));
        expect(receiveInto(rx, block.subarray(16, length + 32))).toBe(length);
        expect(sameBytes(block.subarray(16, length + 16), payloadOf(length))).toBe(true);
        block.fill(0x11, 16, length + 16);
        expect(block.every((byte) => byte === 0x11)).toBe(true);
      }
      tx.close();
      rx.close();
    });

    test('answers -1 when there is nothing', () => {
      const [tx, rx] = bounded(1);
      expect(receiveInto(rx, new Uint8Array(10))).toBe(-1);
      tx.close();
      rx.close();
    });

    test('leaves a message that is longer than the target where it is: it is still the next one', () => {
      for (const length of [1, 64, 65, 4097, 65_537]) {
        const [tx, rx] = bounded(2);
        const twin = rx.clone();
        tx.trySend(payloadOf(length));
        tx.trySend(payloadOf(3));
        const target = new Uint8Array(length - 1).fill(0x11);
        for (const end of [rx, twin, rx]) {
          expect(() => receiveInto(end, target)).toThrow(
            expect.objectContaining({
              name: 'RangeError',
              code: 'ERR_OUT_OF_RANGE',
              message: expect.stringMatching(new RegExp(`at least ${length} bytes.*Received ${length - 1}`)),
            }),
          );
        }
        expect(target.every((byte) => byte === 0x11)).toBe(true);
        expect(rx.stats()).toMatchObject({ length: 2, received: 0 });
        expect(sameBytes(twin.tryRecv(), payloadOf(length))).toBe(true);
        expect(receiveInto(rx, new Uint8Array(3))).toBe(3);
        for (const end of [tx, rx, twin]) end.close();
      }
    });

    test('is for channels of bytes and buffer', () => {
      const [tx, rx] = bounded(1, { codec: 'text' });
      tx.trySend('text');
      expect(() => receiveInto(rx as never, new Uint8Array(8))).toThrow(TypeError);
      expect(rx.tryRecv()).toBe('text');
      tx.close();
      rx.close();
    });
  });

  test('recvIntoSync says so when it could never return', () => {
    const [tx, rx] = bounded(1);
    expect(() => rx.recvIntoSync(new Uint8Array(8))).toThrow(
      expect.objectContaining({ code: 'ERR_CHANNEL_STATE' }),
    );
    tx.close();
    expect(() => rx.recvIntoSync(new Uint8Array(8))).toThrow(
      expect.objectContaining({ code: 'ERR_CHANNEL_CLOSED' }),
    );
    rx.close();
  });
});
