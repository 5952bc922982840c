// Bytes on their way in: exactly those of the view, whatever it is; copied during the call; neighbours stay secret.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { bounded, type BytesLike, type Sender, unbounded } from 'millrace';
import { describe, expect, test } from 'vitest';

import { detach, kinds, payloadOf, resizable, sameBytes, secret } from '../bytes-kinds';

const lengths = [0, 8, 64, 72, 4096, 4104, 65_536, 65_544, 1_048_576];
const verbs: Record<string, (tx: Sender<BytesLike>, value: BytesLike) => unknown> = {
  trySend: (tx, value) => tx.trySend(value),
  send: (tx, value) => tx.send(value),
  sendSync: (tx, value) => tx.sendSync(value),
};

describe.each(kinds)('$name', ({ unit, make }) => {
  test.each(Object.entries(verbs))('%s sends exactly its bytes', async (_, send) => {
    const [tx, rx] = unbounded();
    for (const length of [...lengths, unit, 2 * unit]) {
      const payload = payloadOf(length);
      await send(tx, make(payload).value);
      expect(sameBytes(rx.tryRecv(), payload), `${length} bytes`).toBe(true);
    }
    tx.close();
    rx.close();
  });

  test.each(Object.entries(verbs))('what is written after %s is not seen', async (_, send) => {
    const [tx, rx] = unbounded();
    for (const length of lengths) {
      const payload = payloadOf(length);
      const { value, memory } = make(payload);
      const sent = send(tx, value);
      memory.fill(0xff);
      await sent;
      expect(sameBytes(rx.tryRecv(), payload), `${length} bytes`).toBe(true);
    }
    tx.close();
    rx.close();
  });

  test('what is written while a send is pending is not seen', async () => {
    const [tx, rx] = bounded(1);
    tx.trySend(new Uint8Array(1));
    const sends = lengths.map((length) => {
      const { value, memory } = make(payloadOf(length));
      const sent = tx.send(value);
      memory.fill(0xff);
      return sent;
    });
    await rx.recv();
    for (const length of lengths)
      expect(sameBytes(await rx.recv(), payloadOf(length)), `${length} bytes`).toBe(true);
    await Promise.all(sends);
    tx.close();
    rx.close();
  });

  test('the input is neither detached nor changed', () => {
    const [tx, rx] = unbounded();
    for (const length of lengths) {
      const payload = payloadOf(length);
      const { value, memory } = make(payload);
      tx.trySend(value);
      expect(sameBytes(memory, payload)).toBe(true);
    }
    tx.close();
    rx.close();
  });
});

describe('memory that is gone', () => {
  const gone: [string, () => BytesLike][] = [
    ...[8, 80].flatMap((length): [string, () => BytesLike][] => [
      [`a detached Uint8Array of ${length} bytes`, () => emptied(new Uint8Array(length))],
      [`a detached Float64Array of ${length} bytes`, () => emptied(new Float64Array(length / 8))],
      [`a detached DataView of ${length} bytes`, () => emptied(new DataView(new ArrayBuffer(length)))],
      [`a detached Buffer of ${length} bytes`, () => emptied(Buffer.alloc(length))],
      [`a detached ArrayBuffer of ${length} bytes`, () => emptied(new Uint8Array(length)).buffer],
    ]),
    ['a detached view of no bytes', () => emptied(new Uint8Array(0))],
    ['a view out of bounds', () => shrunk((buffer) => new Uint8Array(buffer, 8, 80))],
    ['a view wholly out of bounds', () => shrunk((buffer) => new Uint8Array(buffer, 88, 8))],
    ['a length-tracking view out of bounds', () => shrunk((buffer) => new Uint8Array(buffer, 80))],
    ['a Float32Array out of bounds', () => shrunk((buffer) => new Float32Array(buffer, 8, 20))],
    ['a DataView out of bounds', () => shrunk((buffer) => new DataView(buffer, 8, 80))],
    ['a length-tracking DataView out of bounds', () => shrunk((buffer) => new DataView(buffer, 80))],
  ];

  function emptied<V extends ArrayBufferView>(view: V): V {
    detach(view.buffer);
    return view;
  }

  function shrunk<V>(make: (buffer: ArrayBuffer) => V): V {
    const buffer = resizable(96);
    const view = make(buffer);
    buffer.resize(16);
    return view;
  }

  test.each(gone)('%s is a TypeError, and nothing is sent', async (_, make) => {
    const [tx, rx] = bounded(8);
    for (const send of Object.values(verbs)) {
      await expect((async () => send(tx, make()))()).rejects.toMatchObject({
        name: 'TypeError',
        code: 'ERR_INVALID_ARG_VALUE',
        message: expect.stringMatching(
          /^\w+: The "value" argument must be neither detached nor out of bounds\. Received \S/,
        ),
      });
    }
    expect(tx.stats()).toMatchObject({ sent: 0, waitingSenders: 0 });
    expect(tx.trySend(Uint8Array.of(7))).toBe(true);
    expect(rx.tryRecv()).toEqual(Uint8Array.of(7));
    tx.close();
    rx.close();
  });
});

describe('pooled Buffers', () => {
  const poolSizes = [8, 16, 64, 256, 1024].map((kib) => kib * 1024);

  const everyWay = poolSizes.flatMap((poolSize) =>
    Object.entries(verbs).map(([name, send]) => ({ poolSize, name, send })),
  );

  test.each(everyWay)(
    'of a pool of $poolSize bytes arrive alone by $name: their neighbours never leak',
    async ({ poolSize, send }) => {
      const before = Buffer.poolSize;
      Buffer.poolSize = poolSize;
      try {
        const [tx, rx] = unbounded();
        // The pool in use may be of the old size: use it up.
        for (let used = 0; used < 2 * 1024 * 1024; used += 4000) Buffer.allocUnsafe(4000);
        for (const length of [1, 63, 64, 65, 1000, 4000, poolSize / 2 - 1, poolSize / 4]) {
          Buffer.allocUnsafe(100).fill(secret);
          const payload = payloadOf(length);
          const message = Buffer.allocUnsafe(length);
          message.set(payload);
          Buffer.allocUnsafe(100).fill(secret);
          if (length < poolSize / 2) expect(message.buffer.byteLength, 'it is pooled').toBe(poolSize);
          const sent = send(tx, message);
          message.fill(0xff);
          await sent;
          const received = rx.tryRecv()!;
          expect(sameBytes(received, payload), `${length} bytes`).toBe(true);
          const block = Buffer.from(received.buffer);
          expect(block.includes(Buffer.alloc(32, secret)), `neighbours of ${length} bytes`).toBe(false);
        }
        tx.close();
        rx.close();
      } finally {
        Buffer.poolSize = before;
      }
    },
  );

  test('whose pool block was moved away are a TypeError (where it can be moved), and everything else works on', () => {
    // In a process of its own: Node itself is hard up without its pool.
    const child = spawnSync(process.execPath, [fileURLToPath(new URL('pool-gone.mjs', import.meta.url))]);
    expect([child.stderr.toString(), child.stdout.toString(), child.status]).toEqual(['', 'works on', 0]);
  });

  test('whose pool block structuredClone is asked to move stay whole, and are sent whole', async () => {
    const [tx, rx] = unbounded();
    for (const send of Object.values(verbs)) {
      for (const length of [10, 100, 1000]) {
        const message = Buffer.from(payloadOf(length));
        // Node marks its pool as not to be moved: up to Node 20 it is copied, later ones refuse.
        try {
          structuredClone(message.buffer, { transfer: [message.buffer as ArrayBuffer] });
        } catch (error) {
          expect((error as Error).name).toBe('DataCloneError');
        }
        expect(sameBytes(message, payloadOf(length)), 'it is still there').toBe(true);
        await send(tx, message);
        expect(sameBytes(rx.tryRecv(), payloadOf(length))).toBe(true);
      }
    }
    tx.close();
    rx.close();
  });

  test("of a pool of the caller's own, its block moved away by structuredClone: a TypeError, nothing is sent", async () => {
    const [tx, rx] = unbounded();
    for (const [name, send] of Object.entries(verbs)) {
      for (const length of [10, 100, 1000]) {
        const block = new ArrayBuffer(8192);
        const message = Buffer.from(block, 64, length);
        message.set(payloadOf(length));
        const moved = structuredClone(block, { transfer: [block] });
        await expect((async () => send(tx, message))(), name).rejects.toMatchObject({
          name: 'TypeError',
          code: 'ERR_INVALID_ARG_VALUE',
          message: expect.stringMatching(
            /^\w+: The "value" argument must be neither detached nor out of bounds\. Received Buffer\(0\) \[Uint8Array\] \[\]$/,
          ),
        });
        await send(tx, Buffer.from(moved, 64, length));
        expect(sameBytes(rx.tryRecv(), payloadOf(length))).toBe(true);
      }
    }
    expect(rx.stats()).toMatchObject({ sent: 9, received: 9, length: 0 });
    tx.close();
    rx.close();
  });
});
