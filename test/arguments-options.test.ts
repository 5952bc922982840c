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

import { misuse, outOfRange, rowsOf, wrongType } from './misuse';

const notNumbers = [undefined, null, '8', 8n, true, {}, [], [8], () => 8, Symbol('8')];

describe('capacity', () => {
  test.each(notNumbers.map((value): [string, unknown] => [String(value), value]))('%s', (_, capacity) => {
    for (const make of [bounded, syncChannel]) {
      expect(() => make(capacity as number)).toThrow(expect.objectContaining(wrongType));
    }
  });

  test.each([NaN, -1, -0.5, 1.5, Infinity, -Infinity, 2 ** 23 + 1, 2 ** 32, 2 ** 53, Number.MAX_VALUE])(
    '%d',
    (capacity) => {
      for (const make of [bounded, syncChannel]) {
        expect(() => make(capacity)).toThrow(expect.objectContaining(outOfRange));
      }
    },
  );

  test('0 goes with no policy for overflow: there is no queue to drop from', () => {
    for (const overflow of ['drop-newest', 'drop-oldest'] as const) {
      expect(() => bounded(0, { overflow })).toThrow(expect.objectContaining(misuse));
    }
  });
});

describe('options', () => {
  const makers: [string, (options: never) => unknown][] = [
    ['bounded', (options) => bounded(1, options)],
    ['unbounded', (options) => unbounded(options)],
    ['sync', (options) => syncChannel(1, options)],
    ['channel', (options) => channel(options)],
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
    ['maxBytes: a string', { maxBytes: '5' }, wrongType],
    ...[0, -1, 1.5, NaN, Infinity, 2 ** 53].map((maxBytes): [string, unknown, object] => [
      `maxBytes: ${maxBytes}`,
      { maxBytes },
      outOfRange,
    ]),
    ['prefault without slotBytes', { prefault: true }, misuse],
    ['overflow: unknown', { overflow: 'drop' }, misuse],
    ['overflow: a number', { overflow: 5 }, misuse],
  ];

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

  test.each([{ overflow: 'wait' }, { slotBytes: 64 }, { prefault: false }])(
    '%o is for bounded channels only',
    (options) => {
      for (const make of [unbounded, channel, (given: never) => syncChannel(1, given)]) {
        expect(() => make(options as never)).toThrow(expect.objectContaining(misuse));
      }
    },
  );

  test.each(rowsOf([null, '64', 64n, true, {}]))('slotBytes: %s', (_, slotBytes) => {
    expect(() => bounded(1, { slotBytes } as never)).toThrow(expect.objectContaining(wrongType));
  });

  test.each(rowsOf([0, -1, 1.5, NaN, Infinity, 2 ** 30 + 1, 2 ** 53]))('slotBytes: %s', (_, slotBytes) => {
    expect(() => bounded(1, { slotBytes } as never)).toThrow(expect.objectContaining(outOfRange));
  });

  test('slots take up to 1 GiB', () => {
    for (const [capacity, most] of [
      [1, 2 ** 30],
      [3, 357913941],
      [2 ** 20, 1024],
    ] as const) {
      for (const end of bounded(capacity, { slotBytes: most })) end.close();
      expect(() => bounded(capacity, { slotBytes: most + 1 })).toThrow(
        expect.objectContaining({ ...outOfRange, message: expect.stringContaining(`1 to ${most} bytes`) }),
      );
    }
  });

  test('a rendezvous has no slots', () => {
    expect(() => bounded(0, { slotBytes: 64 })).toThrow(expect.objectContaining(misuse));
  });

  test.each(rowsOf([null, 1, 'true']))('prefault: %s', (_, prefault) => {
    expect(() => bounded(1, { slotBytes: 64, prefault } as never)).toThrow(
      expect.objectContaining(wrongType),
    );
  });

  test('a rendezvous cannot drop', () => {
    for (const overflow of ['drop-newest', 'drop-oldest'] as const) {
      expect(() => bounded(0, { overflow })).toThrow(expect.objectContaining(misuse));
    }
    for (const end of bounded(0, { overflow: 'wait' })) end.close();
  });
});
