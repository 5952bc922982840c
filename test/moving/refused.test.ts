// What cannot be moved is refused in words, by each verb, before anything is sent; what shares its buffer is copied.
import { markAsUntransferable } from 'node:worker_threads';

import { alloc, bounded, type BytesLike } from 'millrace';
import { describe, expect, test } from 'vitest';

import { expectUnharmed, goOnWith, rx, tx, useChannelOfOne } from '../channel-of-one';
import { failureOf, refusedKey, refusedRange, refusedText, refusedType } from '../misuse';
import { isDetached } from './moved';

useChannelOfOne();

const { Memory } = Reflect.get(globalThis, 'WebAssembly') as {
  Memory: new (options: { initial: number }) => { buffer: ArrayBuffer };
};

const verbs: [string, (value: BytesLike, transfer?: boolean) => unknown][] = [
  ['trySend', (value, transfer = true) => tx.trySend(value, { transfer })],
  ['send', (value, transfer = true) => tx.send(value, { transfer })],
  ['sendSync', (value, transfer = true) => tx.sendSync(value, { transfer })],
  ['send with a timeout', (value, transfer = true) => tx.send(value, { timeout: 0, transfer })],
];

function marked<T extends ArrayBuffer>(buffer: T): T {
  markAsUntransferable(buffer);
  return buffer;
}

const notTransferable = (expected: string, received: string) =>
  refusedText(`The "value" argument must ${expected} to be transferred. Received ${received}`);
const fixed = {
  name: 'TypeError',
  code: 'ERR_INVALID_ARG_VALUE',
  message: expect.stringMatching(
    /^\w+: The "value" argument must be in a buffer that can be detached to be transferred\. Received /,
  ),
};
const whole = 'be all of its ArrayBuffer';
const shared = notTransferable('not be shared memory', 'a SharedArrayBuffer, or a view on one');

const refusals: [string, () => BytesLike, object][] = [
  [
    'the first half',
    () => new Uint8Array(new ArrayBuffer(20), 0, 10),
    notTransferable(whole, 'a view on 10 of its 20 bytes'),
  ],
  [
    'the second half',
    () => new DataView(new ArrayBuffer(20), 10),
    notTransferable(whole, 'a view on 10 of its 20 bytes'),
  ],
  [
    'nothing of a buffer',
    () => new Uint8Array(new ArrayBuffer(20), 0, 0),
    notTransferable(whole, 'a view on 0 of its 20 bytes'),
  ],
  [
    'a part of what alloc gave',
    () => alloc(10_000).subarray(1),
    notTransferable(whole, 'a view on 9999 of its 10000 bytes'),
  ],
  [
    'a pooled Buffer',
    () => Buffer.from('pooled'),
    {
      code: 'ERR_INVALID_ARG_VALUE',
      message: expect.stringMatching(
        /Received a Buffer of 6 of its \d+ bytes, as those in Node's pool are; alloc\(\) and Buffer\.alloc\(\) give whole ones$/,
      ),
    },
  ],
  ['a SharedArrayBuffer', () => new SharedArrayBuffer(8), shared],
  ['a view on one', () => new Uint8Array(new SharedArrayBuffer(8)), shared],
  ['memory of WebAssembly', () => new Memory({ initial: 1 }).buffer, fixed],
  ['none of it', () => new Uint8Array(new Memory({ initial: 0 }).buffer), fixed],
  ['a buffer that is marked as untransferable', () => marked(new ArrayBuffer(100)), fixed],
  ['a long one that is', () => marked(new ArrayBuffer(65_536)), fixed],
  [
    'a detached one',
    () => {
      const bytes = new Uint8Array(8);
      structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
      return bytes;
    },
    { code: 'ERR_INVALID_ARG_VALUE' },
  ],
  ['a string', () => 'text' as never, { code: 'ERR_INVALID_ARG_TYPE' }],
];

describe.each(verbs)('%s with { transfer: true }', (_, send) => {
  test.each(refusals)('refuses %s, and sends nothing', async (_name, make, error) => {
    const value = make();
    expect(await failureOf(() => send(value))).toMatchObject(error);
    expectUnharmed();
  });

  test('refuses what cannot be moved also where the channel is full, or closed', async () => {
    const part = new Uint8Array(new ArrayBuffer(20), 0, 10);
    tx.trySendMany([part, part, part]);
    expect(await failureOf(() => send(part))).toMatchObject({ name: 'TypeError' });
    rx.close();
    expect(await failureOf(() => send(part))).toMatchObject({ name: 'TypeError' });
  });

  test('copies a short message that was received, and leaves it as it is', async () => {
    tx.trySend(Uint8Array.of(2, 3));
    const [first, second] = [rx.tryRecv()!, rx.tryRecv()!];
    expect(second.buffer).toBe(first.buffer);
    await send(first);
    await send(second);
    expect([first, second, rx.tryRecv(), rx.tryRecv()]).toEqual(
      [[1], [2, 3], [1], [2, 3]].map((bytes) => Uint8Array.from(bytes)),
    );
  });

  test('{ transfer: false } is as if nothing was said', async () => {
    const bytes = new Uint8Array(100);
    await send(bytes, false);
    expect([isDetached(bytes.buffer), rx.length]).toEqual([false, 2]);
  });

  test('a spent handle says so, and the buffer is the caller’s', async () => {
    const bytes = alloc(10_000);
    tx.close();
    expect(await failureOf(() => send(bytes))).toMatchObject({ code: 'ERR_CHANNEL_STATE' });
    expect(bytes.length).toBe(10_000);
  });

  test('one that is longer than the channel takes is refused, and the caller’s', async () => {
    tx.close();
    rx.close();
    const [narrow, end] = bounded(2, { maxBytes: 9000 });
    goOnWith({ tx: narrow, rx: end });
    for (const bytes of [alloc(10_000), new Uint8Array(10_000)]) {
      expect(await failureOf(() => send(bytes))).toMatchObject({ name: 'RangeError' });
      expect(bytes.length).toBe(10_000);
    }
  });
});

test('channels of other codecs refuse it', async () => {
  const [text, rxText] = bounded(2, { codec: 'text' });
  const refused = refusedText(
    "{ transfer: true } is for channels of bytes or buffer. The codec of this one is 'text'",
  );
  const bytes = text as never as typeof tx;
  const value = new Uint8Array(8);
  expect(await failureOf(() => bytes.trySend(value, { transfer: true }))).toMatchObject(refused);
  expect(await failureOf(() => bytes.send(value, { transfer: true }))).toMatchObject(refused);
  expect(await failureOf(() => bytes.sendSync(value, { transfer: true }))).toMatchObject(refused);
  expect(text.trySend('as ever')).toBe(true);
  text.close();
  rxText.close();
});

test('the last argument is an object with the keys that it may have', async () => {
  const bytes = new Uint8Array(8);
  const wrong: [() => unknown, object][] = [
    [
      () => tx.trySend(bytes, { transfer: 1 } as never),
      refusedType('how.transfer', 'a boolean', 'type number (1)'),
    ],
    [
      () => tx.send(bytes, { transfer: 1 } as never),
      refusedType('wait.transfer', 'a boolean', 'type number (1)'),
    ],
    [
      () => tx.sendSync(bytes, { transfer: 'x' } as never),
      refusedType('wait.transfer', 'a boolean', "type string ('x')"),
    ],
    [() => tx.trySend(bytes, { timeout: 1 } as never), refusedKey('how', 'transfer', 'timeout')],
    [() => tx.send(bytes, { move: true } as never), refusedKey('wait', 'signal, timeout, transfer', 'move')],
    [() => tx.sendSync(bytes, { signal: 1 } as never), refusedKey('wait', 'timeout, transfer', 'signal')],
    [() => tx.trySend(bytes, true as never), refusedType('how', 'an object', 'type boolean (true)')],
    [() => rx.refs({ timeout: 1 } as never), refusedKey('options', 'signal', 'timeout')],
    [
      () => rx.refs({ signal: 1 } as never),
      refusedType('options.signal', 'an AbortSignal', 'type number (1)'),
    ],
    [() => alloc('1' as never), refusedType('byteLength', 'a number of bytes', "type string ('1')")],
    [() => alloc(-1), refusedRange('byteLength', 'an integer, 0 to 2147483648', '-1')],
    [() => alloc(1.5), refusedRange('byteLength', 'an integer, 0 to 2147483648', '1.5')],
    [() => alloc(2 ** 31 + 1), refusedRange('byteLength', 'an integer, 0 to 2147483648', '2147483649')],
  ];
  for (const [call, error] of wrong) expect(await failureOf(call)).toMatchObject(error);
  expectUnharmed();
});

test('refs() of a channel of another codec is refused', async () => {
  const [text, rxText] = bounded(2, { codec: 'text' });
  expect(await failureOf(() => (rxText as never as typeof rx).refs())).toMatchObject({ name: 'TypeError' });
  text.close();
  rxText.close();
});

// Node 20 does not say whether a buffer is marked; of memory of millrace's own nobody asks there.
test.runIf(Number(process.versions.node.split('.')[0]) > 20)(
  'memory of millrace’s own that is marked as untransferable is refused, and marked while its send waits, it stays',
  async () => {
    const bytes = alloc(10_000);
    tx.trySendMany([bytes, bytes, bytes]);
    const waiting = [alloc(10_000).fill(1), new Uint8Array(10_000).fill(2)];
    const sends = waiting.map((each) => tx.send(each, { transfer: true }));
    for (const { buffer } of [bytes, ...waiting]) markAsUntransferable(buffer);
    expect(await failureOf(() => tx.trySend(bytes, { transfer: true }))).toMatchObject(fixed);
    expect(rx.tryRecvMany(4)).toHaveLength(4);
    await Promise.all(sends);
    expect(rx.tryRecvMany(4).map((message) => message[9999])).toEqual([1, 2]);
    expect(waiting.map((each) => each[9999])).toEqual([1, 2]);
  },
);
