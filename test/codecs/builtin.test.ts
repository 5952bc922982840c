// The built-in codecs: every value comes back as it went, and what a codec cannot carry is told without loss.
import { bounded, ChannelCodecError, type Receiver, type Sender, unbounded } from 'millrace';
import { describe, expect, test } from 'vitest';

type Open = () => [Sender<unknown>, Receiver<unknown>];
const open = (codec: string): ReturnType<Open> => unbounded({ codec: codec as 'json' });

const forms: [string, (tx: Sender<unknown>, rx: Receiver<unknown>, value: unknown) => unknown][] = [
  ['try', (tx, rx, value) => (tx.trySend(value), rx.tryRecv())],
  ['awaited, found', async (tx, rx, value) => (await tx.send(value), rx.recv())],
  ['awaited, waited for', (tx, rx, value) => [rx.recv(), tx.trySend(value)][0]],
  ['blocking', (tx, rx, value) => (tx.sendSync(value), rx.recvSync())],
  [
    'iterated',
    async (tx, rx, value) => {
      tx.trySend(value);
      for await (const received of rx) return received;
      return undefined;
    },
  ],
];

/** Sends each value in every form and says what becomes of it. */
async function roundTrips(
  codec: string,
  values: readonly unknown[],
  check: (got: unknown, sent: unknown) => void,
) {
  const [tx, rx] = open(codec);
  for (const [, roundTrip] of forms) {
    for (const value of values) check(await roundTrip(tx, rx, value), value);
  }
  expect(tx.stats().length).toBe(0);
  tx.close();
  rx.close();
}

describe('text', () => {
  const around = [21_844, 21_845, 21_846, 65_535, 65_536, 65_537].flatMap((length) => [
    'x'.repeat(length),
    '\u20ac'.repeat(length),
    'x'.repeat(length - 1) + '\u{1f600}',
  ]);
  const strings = [
    '',
    'x',
    'caf\u00e9',
    '\u20ac',
    '\u{1f600}\u{1f600}',
    '\0\u0001\u007f\u0080',
    '\ufeffwith a byte order mark',
    '\ufeff',
    '\ufeff\ufeff',
    '\uffff\ufffe\ufffd',
    '\r\n\u2028\u2029',
    ...[63, 64, 65, 1365, 1366, 4096, 4097].map((length) => '\u00fc'.repeat(length)),
    ...around,
    'long '.repeat(1_000_000),
  ];

  test('strings come back unchanged', () =>
    roundTrips('text', strings, (got, sent) => expect(got === sent, String(sent).slice(0, 20)).toBe(true)));

  test('lone surrogates become U+FFFD', () =>
    roundTrips(
      'text',
      ['\ud800', '\udc00', 'a\ud800b', '\udc00\ud800', `${'x'.repeat(70_000)}\ud83d`],
      (got, sent) => expect(got).toBe(Buffer.from(sent as string).toString()),
    ));

  test('counts in bytes of UTF-8', () => {
    const [tx, rx] = open('text');
    tx.trySend('\u20ac'.repeat(10));
    expect(tx.stats().bytes).toBe(30);
    tx.close();
    rx.close();
  });
});

describe('f64', () => {
  const numbers = [0, -0, 1, -1, 0.1, NaN, Infinity, -Infinity, 2 ** 53, -(2 ** 53), Math.PI];
  const edges = [
    Number.MAX_VALUE,
    Number.MIN_VALUE,
    Number.EPSILON,
    Number.MAX_SAFE_INTEGER,
    2 ** 31,
    2 ** 32,
  ];
  test('numbers come back unchanged, -0 and NaN too', () =>
    roundTrips('f64', [...numbers, ...edges], (got, sent) =>
      expect(Object.is(got, sent), String(sent)).toBe(true),
    ));
});

describe('json', () => {
  const values = [
    null,
    true,
    false,
    0,
    -1.5,
    '',
    'text',
    '\ud800',
    '\ufeff',
    [],
    {},
    [1, [2, [3]]],
    { a: { b: null } },
  ];
  const large = { list: Array.from({ length: 20_000 }, (_, id) => ({ id, name: `n\u00e4me ${id}` })) };

  test('what JSON carries comes back equal', () =>
    roundTrips('json', [...values, large, 'x'.repeat(1_000_000)], (got, sent) => expect(got).toEqual(sent)));

  test('what JSON changes comes back as JSON has it', () =>
    roundTrips(
      'json',
      [NaN, -0, new Date(0), { gone: undefined }, [undefined], new Map([[1, 2]])],
      (got, sent) => expect(got).toEqual(JSON.parse(JSON.stringify(sent))),
    ));

  test('__proto__ is a key like any other', async () => {
    const [tx, rx] = open('json');
    tx.trySend(JSON.parse('{"__proto__": {"polluted": true}}'));
    const got = rx.tryRecv() as object;
    expect([Object.hasOwn(got, '__proto__'), ({} as { polluted?: boolean }).polluted]).toEqual([
      true,
      undefined,
    ]);
    tx.close();
    rx.close();
  });
});

describe('structured', () => {
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  const values = [
    null,
    -0,
    NaN,
    10n ** 30n,
    '\ud800',
    new Date(5),
    /a+/gi,
    new Map<unknown, unknown>([[{ a: 1 }, new Set([1, 'b'])]]),
    new Set([[], {}]),
    Uint8Array.of(1, 2, 3),
    Float64Array.of(0.5, -0),
    new ArrayBuffer(5),
    new DataView(new ArrayBuffer(3)),
    new Error('boom'),
    Object.assign(new Array(5), { 3: 'sparse' }),
    { gone: undefined },
    Array.from({ length: 20_000 }, (_, id) => ({ id })),
    new Float32Array(30_000).fill(1.5),
  ];

  test('what the V8 serializer carries comes back equal', () =>
    roundTrips('structured', values, (got, sent) => expect(got).toEqual(sent)));

  test('cycles come back as cycles', () =>
    roundTrips('structured', [cyclic], (got) => expect((got as typeof cyclic).self).toBe(got)));

  test('typed arrays in a value are the receiver to keep, write and transfer', async () => {
    const [tx, rx] = open('structured');
    const kept: Uint8Array<ArrayBuffer>[] = [];
    for (let index = 0; index < 50; index += 1) {
      tx.trySend({ bytes: new Uint8Array(100 * index + 1).fill(index) });
      kept.push((rx.tryRecv() as { bytes: Uint8Array<ArrayBuffer> }).bytes);
    }
    for (const [index, bytes] of kept.entries()) {
      expect(bytes.every((byte) => byte === index)).toBe(true);
      expect(structuredClone(bytes, { transfer: [bytes.buffer] })).toHaveLength(100 * index + 1);
    }
    tx.close();
    rx.close();
  });
});

describe('values that a codec cannot carry', () => {
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  const throwing = {
    toJSON() {
      throw new Error('no JSON of me');
    },
  };
  const wrong: [codec: string, what: string, value: unknown][] = [
    ['json', 'a bigint', 1n],
    ['json', 'a cycle', cyclic],
    ['json', 'a function', () => 1],
    ['json', 'a symbol', Symbol('s')],
    ['json', 'a toJSON that throws', throwing],
    ['json', 'a toJSON that gives nothing', { toJSON: () => undefined }],
    ['structured', 'a function', () => 1],
    ['structured', 'a symbol', Symbol('s')],
    ['structured', 'a function deep inside', { a: [{ b: () => 1 }] }],
    [
      'structured',
      'a getter that throws',
      {
        get bad(): never {
          throw new Error('no');
        },
      },
    ],
  ];

  test.each(wrong)('%s: %s is a ChannelCodecError, and nothing is sent', async (codec, _, value) => {
    const [tx, rx] = bounded(2, { codec: codec as 'json' });
    tx.trySend('before');
    for (const send of [() => tx.trySend(value), () => tx.send(value), () => tx.sendSync(value)]) {
      const error = await Promise.resolve()
        .then(send)
        .catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(ChannelCodecError);
      expect(error).toMatchObject({ code: 'ERR_CHANNEL_CODEC', cause: expect.any(Error) });
      expect(error).not.toHaveProperty('bytes');
    }
    expect(tx.stats()).toMatchObject({ sent: 1, waitingSenders: 0 });
    tx.trySend('after');
    expect([rx.tryRecv(), rx.tryRecv(), rx.tryRecv()]).toEqual(['before', 'after', undefined]);
    tx.close();
    rx.close();
  });

  test('a getter that uses the very channel does not disturb the message', () => {
    const [tx, rx] = open('json');
    const value = {
      get inner() {
        tx.trySend('from within');
        return 'x'.repeat(10);
      },
    };
    tx.trySend(value);
    expect([rx.tryRecv(), rx.tryRecv()]).toEqual(['from within', { inner: 'x'.repeat(10) }]);
    tx.close();
    rx.close();
  });
});
