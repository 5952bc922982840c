// Bad capacities and options: the documented error with what was expected and what came.
import {
  bounded,
  type BytesLike,
  channel,
  type SoleReceiver,
  type Sender,
  syncChannel,
  unbounded,
} from 'millrace';
import { describe, expect, test } from 'vitest';

import {
  aCodec,
  came,
  refusedKey,
  refusedRange,
  refusedText,
  refusedType,
  refusedValue,
  rowsOf,
  shown,
} from '../misuse';

type Row = [given: string, options: unknown, error: object];

const notNumbers = [undefined, null, '8', 8n, true, {}, [], [8], () => 8, Symbol('8')];

describe('capacity', () => {
  const sized = [
    [bounded, 'capacity'],
    [syncChannel, 'bound'],
  ] as const;
  test.each(notNumbers.map((value): [string, unknown] => [String(value), value]))('%s', (_, capacity) => {
    for (const [make, name] of sized) {
      const refused = refusedType(name, 'a number', came(capacity));
      expect(() => make(capacity as number)).toThrow(expect.objectContaining(refused));
    }
  });

  test.each([NaN, -1, -0.5, 1.5, Infinity, -Infinity, 2 ** 23 + 1, 2 ** 32, 2 ** 53, Number.MAX_VALUE])(
    '%d',
    (capacity) => {
      for (const [make, name] of sized) {
        const refused = refusedRange(name, 'an integer, 0 to 8388608', String(capacity));
        expect(() => make(capacity)).toThrow(expect.objectContaining(refused));
      }
    },
  );
});

describe('options', () => {
  const makers: [string, (options: never) => unknown][] = [
    ['bounded', (options) => bounded(1, options)],
    ['unbounded', (options) => unbounded(options)],
    ['sync', (options) => syncChannel(1, options)],
    ['channel', (options) => channel(options)],
  ];
  const codec = { name: 'mine', encode: () => new Uint8Array(), decode: () => 1 };
  const unknownKey = (key: string) =>
    refusedKey(
      'options',
      'codec, ownBuffers, spin, poll, label, maxBytes, onDeath, timing, context, ack, maxAttempts, deadLetter, overflow, slotBytes, prefault',
      key,
    );
  const micros = 'a number of microseconds';
  const policy = "'wait', 'drop-newest' or 'drop-oldest'";
  const ofType = (option: string, expected: string, value: unknown): Row => [
    `${option}: ${shown(value)}`,
    { [option]: value },
    refusedType(`options.${option}`, expected, came(value)),
  ];
  const ofRange = (option: string, expected: string, value: number): Row => [
    `${option}: ${value}`,
    { [option]: value },
    refusedRange(`options.${option}`, expected, String(value)),
  ];
  const wrong: Row[] = [
    ...rowsOf([null, 5, 'bytes', true, [], 7n]).map(([name, value]): Row => [
      name,
      value,
      refusedType('options', 'an object', came(value)),
    ]),
    ['an unknown option', { capacity: 5 }, unknownKey('capacity')],
    ['a misspelt option', { Label: 'x' }, unknownKey('Label')],
    ['an inherited unknown option', Object.create({ size: 1 }), unknownKey('size')],
    ...[5, null].map((value) => ofType('label', 'a string', value)),
    ...[1, null].map((value) => ofType('ownBuffers', 'a boolean', value)),
    ...(['spin', 'poll'] as const).flatMap((name) => ['5', null].map((value) => ofType(name, micros, value))),
    ...(['spin', 'poll'] as const).flatMap((name) =>
      [NaN, -1, 2 ** 53].map((value) => ofRange(name, '0 to 1,000,000 microseconds', value)),
    ),
    ['codec: an unknown name', { codec: 'protobuf' }, refusedValue('codec', aCodec, "'protobuf'")],
    [
      'codec: a name of Object.prototype',
      { codec: 'constructor' },
      refusedValue('codec', aCodec, "'constructor'"),
    ],
    ...[null, 5].map((value): Row => [
      `codec: ${value}`,
      { codec: value },
      refusedType('codec', 'a string or a Codec', came(value)),
    ]),
    ['codec: an object without a name', { codec: {} }, refusedType('codec.name', 'a string', 'undefined')],
    [
      'codec: an empty name',
      { codec: { ...codec, name: '' } },
      refusedValue('codec.name', 'be a string that is not empty', "''"),
    ],
    [
      "codec: a built-in's name",
      { codec: { ...codec, name: 'json' } },
      refusedValue('codec.name', "not be a built-in codec's", "'json'"),
    ],
    ...Object.entries({ encode: undefined, decode: null, encodeInto: 5 }).map(([verb, value]): Row => [
      `codec: ${verb} is ${value}`,
      { codec: { ...codec, [verb]: value } },
      refusedType(`codec.${verb}`, 'a function', came(value)),
    ]),
    [
      'onDeath: unknown',
      { onDeath: 'die' },
      refusedValue('options.onDeath', "be 'close' or 'fail'", "'die'"),
    ],
    ofType('onDeath', "'close' or 'fail'", null),
    ...[1, null].map((value) => ofType('timing', 'a boolean', value)),
    ofType('maxBytes', 'a number of bytes', '5'),
    ...[0, -1, 1.5, NaN, Infinity, 2 ** 53].map((value) =>
      ofRange('maxBytes', 'an integer, 1 to 9007199254740991 bytes', value),
    ),
  ];
  const wrongOfBounded: Row[] = [
    [
      'prefault without slotBytes',
      { prefault: true },
      refusedText(
        "The option 'prefault' is for channels with 'slotBytes'. Received prefault: true without it",
      ),
    ],
    ['overflow: unknown', { overflow: 'drop' }, refusedValue('options.overflow', `be ${policy}`, "'drop'")],
    ofType('overflow', policy, 5),
  ];

  test.each(wrongOfBounded)('%s', (_, options, error) => {
    expect(() => bounded(1, options as never)).toThrow(expect.objectContaining(error));
  });

  describe.each(makers)('of %s', (name, make) => {
    test.each(wrong)('%s', (_, options, error) => {
      expect(() => make(options as never)).toThrow(expect.objectContaining(error));
    });

    test('undefined ones are as if they were not there', () => {
      const ends = make({ label: undefined, codec: undefined, spin: undefined, poll: undefined } as never);
      for (const end of ends as [Sender<BytesLike>, SoleReceiver<Uint8Array>]) {
        expect(end.stats().flavor).toBe(name);
        end.close();
      }
    });
  });

  describe.each(makers.slice(1))('of %s, which is not bounded', (flavor, make) => {
    test.each(Object.entries({ overflow: 'wait', slotBytes: 64, prefault: false }))(
      '%s is refused',
      (option, value) => {
        const refused = refusedText(
          `The option '${option}' is for bounded channels: one of flavor ${flavor} cannot honour it`,
        );
        expect(() => make({ [option]: value } as never)).toThrow(expect.objectContaining(refused));
      },
    );
  });

  test.each(rowsOf([null, '64', 64n, true, {}]))('slotBytes: %s', (_, slotBytes) => {
    const refused = refusedType('options.slotBytes', 'a number of bytes', came(slotBytes));
    expect(() => bounded(1, { slotBytes } as never)).toThrow(expect.objectContaining(refused));
  });

  test.each(rowsOf([0, -1, 1.5, NaN, Infinity, 2 ** 30 + 1, 2 ** 53]))('slotBytes: %s', (_, slotBytes) => {
    const expected = 'an integer, 1 to 1073741824 bytes: 1 slots take up to 1 GiB';
    const refused = refusedRange('options.slotBytes', expected, String(slotBytes));
    expect(() => bounded(1, { slotBytes } as never)).toThrow(expect.objectContaining(refused));
  });

  test('slots take up to 1 GiB', () => {
    for (const [capacity, most] of [
      [1, 2 ** 30],
      [3, 357913941],
      [2 ** 20, 1024],
    ] as const) {
      for (const end of bounded(capacity, { slotBytes: most })) end.close();
      const expected = `an integer, 1 to ${most} bytes: ${capacity} slots take up to 1 GiB`;
      expect(() => bounded(capacity, { slotBytes: most + 1 })).toThrow(
        expect.objectContaining(refusedRange('options.slotBytes', expected, String(most + 1))),
      );
    }
  });

  test('a rendezvous has no slots', () => {
    const refused = refusedText(
      "The option 'slotBytes' is for a capacity of 1 or more. Received capacity 0, a rendezvous, which has no slots",
    );
    expect(() => bounded(0, { slotBytes: 64 })).toThrow(expect.objectContaining(refused));
  });

  test.each(rowsOf([null, 1, 'true']))('prefault: %s', (_, prefault) => {
    expect(() => bounded(1, { slotBytes: 64, prefault } as never)).toThrow(
      expect.objectContaining(refusedType('options.prefault', 'a boolean', came(prefault))),
    );
  });

  test('a rendezvous cannot drop', () => {
    for (const overflow of ['drop-newest', 'drop-oldest'] as const) {
      const refused = refusedText(
        `The option overflow: '${overflow}' is for a capacity of 1 or more. Received capacity 0, a rendezvous`,
      );
      expect(() => bounded(0, { overflow })).toThrow(expect.objectContaining(refused));
    }
    for (const end of bounded(0, { overflow: 'wait' })) end.close();
  });
});
