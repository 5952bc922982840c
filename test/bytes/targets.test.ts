// Receiving into memory of the caller: every kind of `Uint8Array` there is, written exactly where it truly lies.
import { types } from 'node:util';

import { bounded, type Receiver, unbounded } from 'millrace';
import { describe, expect, test } from 'vitest';

import { detach, kinds, payloadOf, resizable, sameBytes, secret } from '../bytes-kinds';
import { failureOf, ofAnyCall, refusedRange } from '../misuse';

const lengths = [0, 1, 8, 63, 64, 65, 1000, 4096, 4097, 65_537, 1_048_576];
/** Bytes of the target beyond the message. */
const spare = 24;
type Receive = (rx: Receiver<Uint8Array>, target: Uint8Array) => number | Promise<number>;
const verbs: Record<string, Receive> = {
  tryRecvInto: (rx, target) => rx.tryRecvInto(target),
  recvInto: (rx, target) => rx.recvInto(target, { timeout: 0 }),
  recvIntoSync: (rx, target) => rx.recvIntoSync(target, { timeout: 0 }),
};
const targets = kinds.filter(({ make }) => types.isUint8Array(make(new Uint8Array(8)).value));

/** All of the memory that a target lies in. */
const whole = (memory: Uint8Array) => new Uint8Array(memory.buffer);

test('the kinds are a plain one, shared, growable, resizable, length-tracking, pooled, lying and foreign ones', () => {
  expect(targets.map(({ name }) => name)).toEqual([
    'Uint8Array',
    'a Uint8Array whose properties lie',
    'a Uint8Array of another realm',
    'a Uint8Array over a SharedArrayBuffer',
    'a view of fixed length over a resizable ArrayBuffer',
    'a view of fixed length over a growable SharedArrayBuffer',
    'a length-tracking view, resized after it was made',
    'a Buffer of the pool',
  ]);
});

describe.each(targets)('$name', ({ make }) => {
  test.each(Object.entries(verbs))(
    '%s writes the message to its start, and nothing else',
    async (_, receive) => {
      const [tx, rx] = unbounded();
      for (const length of lengths) {
        const { value, memory } = make(new Uint8Array(length + spare).fill(secret));
        const expected = whole(memory).slice();
        expected.set(payloadOf(length), memory.byteOffset);
        tx.trySend(payloadOf(length));
        expect(await receive(rx, value as Uint8Array)).toBe(length);
        expect(sameBytes(whole(memory), expected), `${length} bytes`).toBe(true);
      }
      tx.close();
      rx.close();
    },
  );

  test.each(Object.entries(verbs))(
    '%s of a longer message takes nothing, and writes nothing',
    async (_, receive) => {
      const [tx, rx] = unbounded();
      for (const length of lengths.filter((length) => length > 0)) {
        const { value, memory } = make(new Uint8Array(length - 1).fill(secret));
        const before = whole(memory).slice();
        tx.trySend(payloadOf(length));
        expect(await failureOf(() => receive(rx, value as Uint8Array))).toMatchObject(
          refusedRange(
            'target.byteLength',
            `at least ${length} bytes long, as the next message is`,
            String(length - 1),
          ),
        );
        expect(sameBytes(whole(memory), before), `${length} bytes`).toBe(true);
        expect(sameBytes(rx.tryRecv(), payloadOf(length))).toBe(true);
      }
      tx.close();
      rx.close();
    },
  );
});

describe.each(Object.entries(verbs))('%s', (_, receive) => {
  test('a length-tracking target is as long as its buffer is at the call', async () => {
    const [tx, rx] = unbounded();
    const buffer = resizable(100, 200);
    const target = new Uint8Array(buffer, 8);
    for (const length of [92, 192, 20]) {
      buffer.resize(length + 8);
      tx.trySend(payloadOf(length));
      expect(await receive(rx, target)).toBe(length);
      expect(sameBytes(target, payloadOf(length))).toBe(true);
      tx.trySend(payloadOf(length + 1));
      expect(await failureOf(() => receive(rx, target))).toBeInstanceOf(RangeError);
      expect(rx.tryRecv()?.length).toBe(length + 1);
    }
    tx.close();
    rx.close();
  });

  const poolSizes = [8, 16, 64, 256, 1024].map((kib) => kib * 1024);
  test.each(poolSizes)(
    'a target of a pool of %d bytes: its neighbours stay as they were',
    async (poolSize) => {
      const before = Buffer.poolSize;
      Buffer.poolSize = poolSize;
      try {
        const [tx, rx] = unbounded();
        // The pool in use may be of the old size: use it up.
        for (let used = 0; used < 2 * 1024 * 1024; used += 4000) Buffer.allocUnsafe(4000);
        for (const length of [0, 1, 64, 65, 1000, 3000, poolSize / 2 - 1]) {
          const neighbours = [Buffer.allocUnsafe(100).fill(secret)];
          const target = Buffer.allocUnsafe(length);
          neighbours.push(Buffer.allocUnsafe(100).fill(secret));
          if (length > 0) expect(target.buffer.byteLength, 'it is pooled').toBe(poolSize);
          tx.trySend(payloadOf(length));
          expect(await receive(rx, target)).toBe(length);
          expect(sameBytes(target, payloadOf(length)), `${length} bytes`).toBe(true);
          for (const neighbour of neighbours) expect(neighbour.every((byte) => byte === secret)).toBe(true);
        }
        tx.close();
        rx.close();
      } finally {
        Buffer.poolSize = before;
      }
    },
  );

  /** What is refused, and how the error says what was expected and what came. */
  const type = 'an instance of Uint8Array';
  const gone = 'neither detached nor out of bounds';
  const refused: [what: string, make: () => unknown, expected: string, received: string][] = [
    ['nothing', () => undefined, type, 'undefined'],
    ['null', () => null, type, 'null'],
    ['a number', () => 7, type, 'type number (7)'],
    ['a text', () => 'target', type, "type string ('target')"],
    ['an array', () => [1], type, 'an instance of Array'],
    ['an object', () => ({ length: 8 }), type, 'an instance of Object'],
    ['an ArrayBuffer', () => new ArrayBuffer(8), type, 'an instance of ArrayBuffer'],
    ['a SharedArrayBuffer', () => new SharedArrayBuffer(8), type, 'an instance of SharedArrayBuffer'],
    ['a DataView', () => new DataView(new ArrayBuffer(8)), type, 'an instance of DataView'],
    ['a Float64Array', () => new Float64Array(8), type, 'an instance of Float64Array'],
    ['a Uint8ClampedArray', () => new Uint8ClampedArray(8), type, 'an instance of Uint8ClampedArray'],
    [
      'what only looks like one',
      () => Object.create(Uint8Array.prototype),
      type,
      'an instance of Uint8Array',
    ],
    ['a detached one', () => detachedOf(100), gone, 'Uint8Array(0) []'],
    ['a detached one of no bytes', () => detachedOf(0), gone, 'Uint8Array(0) []'],
    ['one out of bounds', () => outOfBounds(80), gone, 'Uint8Array(0) []'],
    ['a length-tracking one out of bounds', () => outOfBounds(undefined), gone, 'Uint8Array(0) []'],
  ];
  test.each(refused)('%s is refused, and nothing is taken', async (__, make, expected, received) => {
    const [tx, rx] = bounded(1);
    tx.trySend(payloadOf(4));
    expect(await failureOf(() => receive(rx, make() as Uint8Array))).toMatchObject({
      name: 'TypeError',
      code: expected === type ? 'ERR_INVALID_ARG_TYPE' : 'ERR_INVALID_ARG_VALUE',
      message: ofAnyCall(`The "target" argument must be ${expected}. Received ${received}`),
    });
    expect(rx.stats()).toMatchObject({ length: 1, received: 0, waitingReceivers: 0 });
    expect(await receive(rx, Buffer.alloc(8))).toBe(4);
    tx.close();
    rx.close();
  });
});

describe('recvInto, which waits', () => {
  test.each(targets)('%#: a message that comes later is written as one that is there', async ({ make }) => {
    const [tx, rx] = unbounded();
    for (const length of lengths) {
      const { value, memory } = make(new Uint8Array(length + spare).fill(secret));
      const expected = whole(memory).slice();
      expected.set(payloadOf(length), memory.byteOffset);
      const received = rx.recvInto(value as Uint8Array);
      tx.trySend(payloadOf(length));
      expect(await received).toBe(length);
      expect(sameBytes(whole(memory), expected), `${length} bytes`).toBe(true);
    }
    tx.close();
    rx.close();
  });

  /** What becomes of a target of 96 bytes while it is waited for, and the error that tells. */
  const gone = { name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' };
  const short = { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' };
  const changes: [what: string, change: (buffer: ArrayBuffer) => void, error: object][] = [
    ['moved away', (buffer) => void structuredClone(buffer, { transfer: [buffer] }), gone],
    ['out of bounds', (buffer) => (buffer as ArrayBuffer & { resize(to: number): void }).resize(4), gone],
    ['shorter', (buffer) => (buffer as ArrayBuffer & { resize(to: number): void }).resize(60), short],
  ];
  test.each(changes)(
    'a target that is %s by then refuses the message, which the next receive gets',
    async (_, change, error) => {
      for (const length of [56, 70_000]) {
        const [tx, rx] = unbounded();
        const buffer = resizable(96);
        const received = failureOf(() => rx.recvInto(new Uint8Array(buffer, 8)));
        change(buffer);
        tx.trySend(payloadOf(length));
        tx.trySend(payloadOf(5));
        expect(await received).toMatchObject(error);
        expect(rx.stats()).toMatchObject({ sent: 2, received: 0, length: 2, waitingReceivers: 0 });
        expect(sameBytes(rx.tryRecv(), payloadOf(length))).toBe(true);
        expect(sameBytes(rx.tryRecv(), payloadOf(5))).toBe(true);
        tx.close();
        rx.close();
      }
    },
  );

  test('a message that a target refuses goes to the wait behind it, though its handle is closed meanwhile', async () => {
    const [tx, rx] = unbounded();
    const other = rx.clone();
    const refused = failureOf(() => rx.recvInto(new Uint8Array(4)));
    const next = other.recv();
    tx.trySend(payloadOf(100));
    // Settled, and not told of yet.
    rx.close();
    expect(await refused).toMatchObject(short);
    expect(sameBytes(await next, payloadOf(100))).toBe(true);
    expect(other.stats()).toMatchObject({ sent: 1, received: 1, length: 0 });
    tx.close();
    other.close();
  });

  test('a channel of another codec refuses it, by a promise', async () => {
    const [tx, rx] = bounded(1, { codec: 'text' });
    tx.trySend('text');
    const verb = rx as unknown as Receiver<Uint8Array>;
    expect(await verb.recvInto(new Uint8Array(8)).catch((error: unknown) => error)).toMatchObject({
      ...gone,
      message:
        "recvInto: Receiving into memory is for channels of bytes or buffer. The codec of this one is 'text'",
    });
    expect(rx.tryRecv()).toBe('text');
    tx.close();
    rx.close();
  });
});

function detachedOf(length: number): Uint8Array {
  const target = new Uint8Array(length);
  detach(target.buffer);
  return target;
}

function outOfBounds(length: number | undefined): Uint8Array {
  const buffer = resizable(96);
  const target = new Uint8Array(buffer, 8, length);
  buffer.resize(4);
  return target;
}
