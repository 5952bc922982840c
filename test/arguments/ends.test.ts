// Bad waits and values on every verb: the documented error with what was expected and what came, and nothing lost by it.
import { bounded, type Sender } from 'millrace';
import { describe, expect, test } from 'vitest';

import { expectUnharmed, rx, tx, useChannelOfOne } from '../channel-of-one';
import { came, failureOf, refusedKey, refusedRange, refusedType, rowsOf } from '../misuse';

useChannelOfOne();

describe('wait', () => {
  const value = Uint8Array.of(9);
  const awaiting: [string, (wait: never) => unknown][] = [
    ['send', (wait) => tx.send(value, wait)],
    ['recv', (wait) => rx.recv(wait)],
    ['drained', (wait) => tx.drained(wait)],
    ['recvInto', (wait) => rx.recvInto(new Uint8Array(9), wait)],
  ];
  const blocking: [string, (wait: never) => unknown][] = [
    ['sendSync', (wait) => tx.sendSync(value, wait)],
    ['recvSync', (wait) => rx.recvSync(wait)],
    ['drainedSync', (wait) => tx.drainedSync(wait)],
    ['recvIntoSync', (wait) => rx.recvIntoSync(new Uint8Array(9), wait)],
  ];
  const object = (wait: unknown) => refusedType('wait', 'an object', came(wait));
  const wrong: [string, unknown, object][] = [
    ...rowsOf([null, 5, '5', true, [], 7n, NaN]).map(([name, wait]): [string, unknown, object] => [
      name,
      wait,
      object(wait),
    ]),
    ['a function', () => 5, object(() => 5)],
    ...rowsOf([null, '5', true, {}, [], 5n]).map(([name, timeout]): [string, unknown, object] => [
      `timeout: ${name}`,
      { timeout },
      refusedType('wait.timeout', 'a number of milliseconds', came(timeout)),
    ]),
    ...rowsOf([NaN, -1, -0.001, -Infinity, -(2 ** 53)]).map(([name, timeout]): [string, unknown, object] => [
      `timeout: ${name}`,
      { timeout },
      refusedRange('wait.timeout', '0 or more milliseconds', String(timeout)),
    ]),
  ];
  const unknownKeys: [string, object, key: string][] = [
    ['an unknown key', { timeOut: 5 }, 'timeOut'],
    ['an unknown key beside a known one', { timeout: 5, bias: 1 }, 'bias'],
    ['an AbortSignal itself', new AbortController().signal, 'aborted'],
  ];
  // Sends can move a message besides.
  const keysOf = (name: string, keys: string) => (name.startsWith('send') ? `${keys}, transfer` : keys);
  const wrongSignals = rowsOf([null, 5, 'signal', true, {}, [], { aborted: true }]);

  describe.each([...awaiting, ...blocking])('of %s', (_, verb) => {
    test.each(wrong)('%s', async (__, wait, error) => {
      expect(await failureOf(() => verb(wait as never))).toMatchObject(error);
      expectUnharmed();
    });
  });

  describe.each(awaiting)('of %s', (name, verb) => {
    test.each(unknownKeys)('%s', async (__, wait, key) => {
      const refused = refusedKey('wait', keysOf(name, 'signal, timeout'), key);
      expect(await failureOf(() => verb(wait as never))).toMatchObject(refused);
      expectUnharmed();
    });

    test.each(wrongSignals)('signal: %s', async (__, signal) => {
      const refused = refusedType('wait.signal', 'an AbortSignal', came(signal));
      expect(await failureOf(() => verb({ signal } as never))).toMatchObject(refused);
      expectUnharmed();
    });

    test('a mistake rejects, and does not throw', async () => {
      const promise = verb(5 as never) as Promise<unknown>;
      expect(promise).toBeInstanceOf(Promise);
      await expect(promise).rejects.toThrow(TypeError);
    });
  });

  describe.each(blocking)('of %s', (name, verb) => {
    test.each(unknownKeys)('%s', async (__, wait, key) => {
      const refused = refusedKey('wait', keysOf(name, 'timeout'), key);
      expect(await failureOf(() => verb(wait as never))).toMatchObject(refused);
      expectUnharmed();
    });

    test('takes no signal', async () => {
      const { signal } = new AbortController();
      const refused = refusedKey('wait', keysOf(name, 'timeout'), 'signal');
      expect(await failureOf(() => verb({ signal } as never))).toMatchObject(refused);
      expectUnharmed();
    });
  });
});

describe('values', () => {
  const open = (codec: string) => bounded(4, { codec: codec as 'json' });
  const always = [undefined];
  const bytes = 'an ArrayBufferView, an ArrayBuffer or a SharedArrayBuffer';
  const wrong: [codec: string, expected: string, values: unknown[]][] = [
    [
      'bytes',
      bytes,
      [
        ...always,
        null,
        'x',
        5,
        5n,
        true,
        {},
        [],
        [1, 2],
        new Blob(['x']),
        { byteLength: 3, buffer: 1 },
        () => 1,
      ],
    ],
    [
      'buffer',
      bytes,
      [...always, null, 'x', 5, { length: 3 }, Symbol('x'), Object.create(Uint8Array.prototype)],
    ],
    ['text', 'a string', [...always, null, 5, true, {}, [], new String('x'), Symbol('x'), Buffer.from('x')]],
    ['f64', 'a number', [...always, null, '5', 5n, true, {}, [5], new Number(5), Symbol('5')]],
    ['json', 'anything but undefined', always],
    ['structured', 'anything but undefined', always],
  ];
  const verbs: [string, (sender: Sender<unknown>, value: unknown) => unknown][] = [
    ['trySend', (sender, value) => sender.trySend(value)],
    ['send', (sender, value) => sender.send(value)],
    ['send with a timeout', (sender, value) => sender.send(value, { timeout: 0 })],
    ['sendSync', (sender, value) => sender.sendSync(value)],
  ];

  describe.each(wrong)('of a channel of %s', (codec, expected, values) => {
    test.each(verbs)('%s', async (_, send) => {
      const [sender, receiver] = open(codec);
      for (const value of values) {
        const refused = refusedType('value', expected, came(value));
        expect(await failureOf(() => send(sender, value))).toMatchObject(refused);
      }
      expect(sender.stats()).toMatchObject({ sent: 0, waitingSenders: 0 });
      const good = { text: 'good', f64: 7, json: [1], structured: new Map() }[codec] ?? Uint8Array.of(1);
      expect(sender.trySend(good)).toBe(true);
      expect(receiver.tryRecv()).toEqual(codec === 'buffer' ? Buffer.of(1) : good);
      sender.close();
      receiver.close();
    });
  });
});
