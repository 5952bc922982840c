// Bad arguments on every verb: the documented error with what was expected and what came, and nothing lost by it.
import {
  attach,
  bounded,
  type BytesLike,
  type Receiver,
  type Sender,
  spawn,
  transfer,
  unbounded,
} from 'millrace';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const wrongType = {
  name: 'TypeError',
  code: 'ERR_INVALID_ARG_TYPE',
  message: expect.stringMatching(/must be [^]*Received/),
};
const misuse = {
  name: 'TypeError',
  code: expect.stringMatching(/^ERR_INVALID_ARG_(TYPE|VALUE)$/),
  message: expect.stringMatching(/Received|not available|cannot/),
};
const outOfRange = {
  name: 'RangeError',
  code: 'ERR_OUT_OF_RANGE',
  message: expect.stringMatching(/must be [^]*Received/),
};
const state = { name: 'ChannelStateError', code: 'ERR_CHANNEL_STATE', message: expect.stringMatching(/./) };
const nothing = undefined as never;

/** What a call throws or rejects with; fails when it does neither. */
async function failureOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error('the call succeeded');
}

const shown = (value: unknown): string =>
  typeof value === 'bigint' ? `${value}n` : typeof value === 'object' ? JSON.stringify(value) : String(value);
const rowsOf = (values: readonly unknown[]) =>
  values.map((value): [string, unknown] => [shown(value), value]);

let tx: Sender<BytesLike>;
let rx: Receiver<Uint8Array>;

beforeEach(() => {
  [tx, rx] = bounded(4);
  tx.trySend(Uint8Array.of(1));
});
afterEach(() => {
  tx.close();
  rx.close();
});

/** The channel is as it was: one message, nobody waiting, and it goes on working. */
function expectUnharmed(): void {
  const figures = {
    sent: 1,
    received: 0,
    length: 1,
    waitingSenders: 0,
    waitingReceivers: 0,
    senders: 1,
    receivers: 1,
  };
  expect(tx.stats()).toMatchObject(figures);
  expect(tx.trySend(Uint8Array.of(2))).toBe(true);
  expect([rx.tryRecv(), rx.tryRecv(), rx.tryRecv()]).toEqual([Uint8Array.of(1), Uint8Array.of(2), undefined]);
}

const notNumbers = [undefined, null, '8', 8n, true, {}, [], [8], () => 8, Symbol('8')];

describe('capacity', () => {
  test.each(notNumbers.map((value): [string, unknown] => [String(value), value]))('%s', (_, capacity) => {
    expect(() => bounded(capacity as number)).toThrow(expect.objectContaining(wrongType));
  });

  test.each([NaN, -1, -0.5, 1.5, Infinity, -Infinity, 2 ** 23 + 1, 2 ** 32, 2 ** 53, Number.MAX_VALUE])(
    '%d',
    (capacity) => {
      expect(() => bounded(capacity)).toThrow(expect.objectContaining(outOfRange));
    },
  );

  test('0 is not available in this version, and says so', () => {
    const error = { ...misuse, message: expect.stringContaining('not available in this version') };
    expect(() => bounded(0)).toThrow(expect.objectContaining(error));
  });
});

describe('options', () => {
  const makers: [string, (options: never) => unknown][] = [
    ['bounded', (options) => bounded(1, options)],
    ['unbounded', (options) => unbounded(options)],
  ];
  const codec = { name: 'mine', encode: () => new Uint8Array(), decode: () => 1 };
  const wrong: [string, unknown, object][] = [
    ...rowsOf([null, 5, 'bytes', true, [], 7n]).map(([name, value]): [string, unknown, object] => [
      name,
      value,
      wrongType,
    ]),
    ['an unknown option', { capacity: 5 }, misuse],
    ['a misspelt option', { Label: 'x' }, misuse],
    ['an inherited unknown option', Object.create({ size: 1 }), misuse],
    ['label: a number', { label: 5 }, wrongType],
    ['label: null', { label: null }, wrongType],
    ['ownBuffers: 1', { ownBuffers: 1 }, wrongType],
    ['ownBuffers: null', { ownBuffers: null }, wrongType],
    ...(['spin', 'poll'] as const).flatMap((name): [string, unknown, object][] => [
      [`${name}: a string`, { [name]: '5' }, wrongType],
      [`${name}: null`, { [name]: null }, wrongType],
      [`${name}: NaN`, { [name]: NaN }, outOfRange],
      [`${name}: -1`, { [name]: -1 }, outOfRange],
      [`${name}: 2^53`, { [name]: 2 ** 53 }, outOfRange],
    ]),
    ['codec: an unknown name', { codec: 'protobuf' }, misuse],
    ['codec: a name of Object.prototype', { codec: 'constructor' }, misuse],
    ['codec: null', { codec: null }, wrongType],
    ['codec: a number', { codec: 5 }, wrongType],
    ['codec: an object without a name', { codec: {} }, wrongType],
    ['codec: an empty name', { codec: { ...codec, name: '' } }, misuse],
    ["codec: a built-in's name", { codec: { ...codec, name: 'json' } }, misuse],
    ['codec: without encode', { codec: { ...codec, encode: undefined } }, wrongType],
    ['codec: without decode', { codec: { ...codec, decode: null } }, wrongType],
    ['codec: encodeInto is no function', { codec: { ...codec, encodeInto: 5 } }, wrongType],
    ['maxBytes', { maxBytes: 1000 }, misuse],
    ['slotBytes', { slotBytes: 64 }, misuse],
    ['prefault', { prefault: true }, misuse],
    ['overflow: drop-newest', { overflow: 'drop-newest' }, misuse],
    ['overflow: drop-oldest', { overflow: 'drop-oldest' }, misuse],
    ['overflow: unknown', { overflow: 'drop' }, misuse],
    ['overflow: a number', { overflow: 5 }, misuse],
  ];

  describe.each(makers)('of %s', (name, make) => {
    test.each(wrong)('%s', (_, options, error) => {
      expect(() => make(options as never)).toThrow(expect.objectContaining(error));
    });

    test('undefined ones are as if they were not there', () => {
      const ends = make({ label: undefined, codec: undefined, spin: undefined, poll: undefined } as never);
      for (const end of ends as [Sender<BytesLike>, Receiver<Uint8Array>]) {
        expect(end.stats().flavor).toBe(name);
        end.close();
      }
    });
  });

  test('overflow is for bounded channels only', () => {
    expect(() => unbounded({ overflow: 'wait' } as never)).toThrow(expect.objectContaining(misuse));
  });
});

describe('wait', () => {
  const value = Uint8Array.of(9);
  const awaiting: [string, (wait: never) => unknown][] = [
    ['send', (wait) => tx.send(value, wait)],
    ['recv', (wait) => rx.recv(wait)],
    ['drained', (wait) => tx.drained(wait)],
  ];
  const blocking: [string, (wait: never) => unknown][] = [
    ['sendSync', (wait) => tx.sendSync(value, wait)],
    ['recvSync', (wait) => rx.recvSync(wait)],
    ['recvIntoSync', (wait) => rx.recvIntoSync(new Uint8Array(9), wait)],
  ];
  const wrong: [string, unknown, object][] = [
    ...rowsOf([null, 5, '5', true, [], 7n, NaN]).map(([name, wait]): [string, unknown, object] => [
      name,
      wait,
      wrongType,
    ]),
    ['a function', () => 5, wrongType],
    ['an unknown key', { timeOut: 5 }, misuse],
    ['an unknown key beside a known one', { timeout: 5, bias: 1 }, misuse],
    ['an AbortSignal itself', new AbortController().signal, misuse],
    ...rowsOf([null, '5', true, {}, [], 5n]).map(([name, timeout]): [string, unknown, object] => [
      `timeout: ${name}`,
      { timeout },
      wrongType,
    ]),
    ...rowsOf([NaN, -1, -0.001, -Infinity, -(2 ** 53)]).map(([name, timeout]): [string, unknown, object] => [
      `timeout: ${name}`,
      { timeout },
      outOfRange,
    ]),
  ];
  const wrongSignals = rowsOf([null, 5, 'signal', true, {}, [], { aborted: true }]);

  describe.each([...awaiting, ...blocking])('of %s', (_, verb) => {
    test.each(wrong)('%s', async (__, wait, error) => {
      expect(await failureOf(() => verb(wait as never))).toMatchObject(error);
      expectUnharmed();
    });
  });

  describe.each(awaiting)('of %s', (_, verb) => {
    test.each(wrongSignals)('signal: %s', async (__, signal) => {
      expect(await failureOf(() => verb({ signal } as never))).toMatchObject(wrongType);
      expectUnharmed();
    });

    test('a mistake rejects, and does not throw', async () => {
      const promise = verb(5 as never) as Promise<unknown>;
      expect(promise).toBeInstanceOf(Promise);
      await expect(promise).rejects.toThrow(TypeError);
    });
  });

  test.each(blocking)('%s takes no signal', async (_, verb) => {
    const { signal } = new AbortController();
    expect(await failureOf(() => verb({ signal } as never))).toMatchObject(misuse);
    expectUnharmed();
  });
});

describe('values', () => {
  const open = (codec: string) => bounded(4, { codec: codec as 'json' });
  const always = [undefined];
  const wrong: [codec: string, values: unknown[]][] = [
    [
      'bytes',
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
    ['buffer', [...always, null, 'x', 5, { length: 3 }, Symbol('x'), Object.create(Uint8Array.prototype)]],
    ['text', [...always, null, 5, true, {}, [], new String('x'), Symbol('x'), Buffer.from('x')]],
    ['f64', [...always, null, '5', 5n, true, {}, [5], new Number(5), Symbol('5')]],
    ['json', always],
    ['structured', always],
  ];
  const verbs: [string, (sender: Sender<unknown>, value: unknown) => unknown][] = [
    ['trySend', (sender, value) => sender.trySend(value)],
    ['send', (sender, value) => sender.send(value)],
    ['send with a timeout', (sender, value) => sender.send(value, { timeout: 0 })],
    ['sendSync', (sender, value) => sender.sendSync(value)],
  ];

  describe.each(wrong)('of a channel of %s', (codec, values) => {
    test.each(verbs)('%s', async (_, send) => {
      const [sender, receiver] = open(codec);
      for (const value of values) expect(await failureOf(() => send(sender, value))).toMatchObject(wrongType);
      expect(sender.stats()).toMatchObject({ sent: 0, waitingSenders: 0 });
      const good = { text: 'good', f64: 7, json: [1], structured: new Map() }[codec] ?? Uint8Array.of(1);
      expect(sender.trySend(good)).toBe(true);
      expect(receiver.tryRecv()).toEqual(codec === 'buffer' ? Buffer.of(1) : good);
      sender.close();
      receiver.close();
    });
  });
});

describe('handles', () => {
  const others = rowsOf([undefined, null, 5, 'tx', {}, []]);
  test.each(others)('sameChannel(%s)', async (_, other) => {
    expect(await failureOf(() => tx.sameChannel(other as never))).toMatchObject(wrongType);
    expectUnharmed();
  });

  test('their methods refuse any other `this`', async () => {
    const verbs = (of: object): PropertyKey[] =>
      Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(of)))
        .filter(([name, { value }]) => typeof value === 'function' && name !== 'constructor')
        .map(([name]) => name);
    for (const end of [tx, rx]) {
      for (const name of [...verbs(end), ...verbs(Object.getPrototypeOf(end))]) {
        const method = (end as never)[name] as (...args: unknown[]) => unknown;
        for (const receiver of [undefined, {}, Object.create(Object.getPrototypeOf(end))]) {
          expect(await failureOf(() => method.call(receiver, Uint8Array.of(1))), String(name)).toBeInstanceOf(
            TypeError,
          );
        }
      }
    }
    expectUnharmed();
  });

  const sending: [string, () => unknown][] = [
    ['trySend', () => tx.trySend(Uint8Array.of(1))],
    ['trySend of a wrong value', () => tx.trySend(nothing)],
    ['send', () => tx.send(Uint8Array.of(1))],
    ['send with a timeout', () => tx.send(Uint8Array.of(1), { timeout: 0 })],
    ['sendSync', () => tx.sendSync(Uint8Array.of(1))],
    ['drained', () => tx.drained()],
    ['clone', () => tx.clone()],
    ['end', () => tx.end()],
    ['sameChannel', () => tx.sameChannel(tx)],
    ['transfer', () => transfer(tx)],
  ];
  const receiving: [string, () => unknown][] = [
    ['tryRecv', () => rx.tryRecv()],
    ['recv', () => rx.recv()],
    ['recv with a timeout', () => rx.recv({ timeout: 0 })],
    ['recvSync', () => rx.recvSync()],
    ['tryRecvInto', () => rx.tryRecvInto(new Uint8Array(8))],
    ['recvIntoSync', () => rx.recvIntoSync(new Uint8Array(8))],
    ['clone', () => rx.clone()],
    ['cancel', () => rx.cancel()],
    ['for await', () => rx[Symbol.asyncIterator]()],
    ['transfer', () => transfer([rx])],
  ];

  describe.each([...sending, ...receiving])('%s', (name, verb) => {
    test('of a closed handle', async () => {
      tx.close();
      rx.close();
      const error = await failureOf(verb);
      if (name === 'trySend of a wrong value') expect(error).toBeInstanceOf(Error);
      else expect(error).toMatchObject(state);
    });

    test('of a transferred handle', async () => {
      const ends = attach(transfer({ tx, rx }));
      const error = await failureOf(verb);
      if (name === 'trySend of a wrong value') expect(error).toBeInstanceOf(Error);
      else expect(error).toMatchObject(state);
      expect(ends.tx.stats()).toMatchObject({ sent: 1, received: 0, senders: 1, receivers: 1, tickets: 0 });
      expect(ends.rx.tryRecv()).toEqual(Uint8Array.of(1));
      ends.tx.close();
      ends.rx.close();
    });
  });
});

describe('transfer, attach and spawn', () => {
  const url = new URL('data:text/javascript,');
  const wrong: [string, () => unknown, object][] = [
    ['transfer with null for options', () => transfer(tx, null as never), wrongType],
    ['transfer with an unknown option', () => transfer(tx, { reuse: true } as never), misuse],
    ['transfer with a wrong reusable', () => transfer(tx, { reusable: 'yes' } as never), wrongType],
    ['attach with null for options', () => attach({} as never, null as never), wrongType],
    ['attach with an unknown option', () => attach({} as never, { codec: [] } as never), misuse],
    ['attach with codecs that are no array', () => attach({} as never, { codecs: 5 } as never), wrongType],
    ['attach with a codec that is none', () => attach({} as never, { codecs: [5] } as never), wrongType],
    ['spawn with workerData', () => spawn(url, tx, { workerData: 1 }), misuse],
  ];
  test.each(wrong)('%s', async (_, call, error) => {
    expect(await failureOf(call)).toMatchObject(error);
    expectUnharmed();
  });
});
