// `record` and `union`: every kind of field, whole and refused, hostile bytes, interpreted too.
import { execFileSync } from 'node:child_process';

import * as fc from 'fast-check';
import {
  ChannelCodecError,
  type Codec,
  type Fields,
  attach,
  bounded,
  optional,
  record,
  transfer,
  tripleBuffer,
  unbounded,
  union,
} from 'millrace';
import { describe, expect, test } from 'vitest';

import { thrownBy } from './thrown';

/** Values of each kind that arrive as they are, and those that are refused. */
const kinds = {
  u8: { carried: [0, 1, 255], refused: [-1, 256, 1.5, NaN, '1', 1n, null, undefined] },
  i8: { carried: [-128, 0, 127], refused: [-129, 128, 0.5, Infinity, true] },
  u16: { carried: [0, 65_535], refused: [-1, 65_536, NaN] },
  i16: { carried: [-32_768, 32_767], refused: [-32_769, 32_768] },
  u32: { carried: [0, 4_294_967_295], refused: [-1, 4_294_967_296, 0.1] },
  i32: { carried: [-2_147_483_648, 2_147_483_647], refused: [-2_147_483_649, 2_147_483_648] },
  u64: { carried: [0n, 2n ** 64n - 1n], refused: [-1n, 2n ** 64n, 1] },
  i64: { carried: [-(2n ** 63n), 2n ** 63n - 1n], refused: [2n ** 63n, -(2n ** 63n) - 1n, 0] },
  f32: { carried: [0, -1.5, Infinity, NaN], refused: ['1', 1n, null] },
  f64: { carried: [0, Math.PI, -Infinity, NaN, 5e-324, Number.MAX_VALUE], refused: ['1', 1n, undefined] },
  bool: { carried: [true, false], refused: [0, 1, 'true', null] },
  text: {
    carried: ['', 'x', 'caf\u00e9', 'x'.repeat(24), 'x'.repeat(25), '\u{1f600}'.repeat(700_000), '\ufeffx'],
    refused: [1, null, undefined, new String('x')],
  },
  bytes: {
    carried: [new Uint8Array(0), new Uint8Array(1), new Uint8Array(70_000).fill(7), Buffer.from('pooled')],
    refused: ['bytes', [1], null, undefined],
  },
  json: {
    carried: [null, true, 1.5, 'x', [1, [2]], { deep: { er: [] } }],
    refused: [undefined, () => 1, Symbol('x'), 1n],
  },
} as const;

type Kind = keyof typeof kinds;
/** A codec that is given what its types would refuse. */
type Loose = Codec<unknown, Record<string, unknown>>;
const plain = (value: unknown) => (ArrayBuffer.isView(value) ? [...(value as Uint8Array)] : value);

describe.each(Object.keys(kinds) as Kind[])('a field of %s', (kind) => {
  const { carried, refused } = kinds[kind];
  // Between two others, so that one that is written too far is seen.
  const codec = record({ before: 'u8', it: kind, behind: 'u8', tail: 'text' }) as unknown as Loose;
  const around = { before: 1, behind: 2, tail: 'tail' };

  test('arrives as it was sent, through every way of sending', async () => {
    const [tx, rx] = unbounded({ codec });
    for (const it of carried) {
      const value = { ...around, it };
      tx.trySend(value);
      await tx.send(value);
      tx.sendSync(value);
      tx.trySendMany([value, value]);
      const batch = tx.batch();
      batch.trySend(value);
      batch.close();
      const got = rx.tryRecvMany(6);
      expect(got.map(({ before, behind, tail }) => ({ before, behind, tail }))).toEqual(
        Array.from({ length: 6 }, () => around),
      );
      for (const one of got) expect(plain(one['it'])).toEqual(plain(it));
    }
    tx.close();
    rx.close();
  });

  test('is refused where it does not fit, and nothing is sent', () => {
    const [tx, rx] = unbounded({ codec });
    for (const it of refused) {
      const error = thrownBy(() => tx.trySend({ ...around, it }));
      expect(error).toBeInstanceOf(ChannelCodecError);
      expect(String(error.cause)).toMatch(/it|BigInt/);
      expect(rx.length).toBe(0);
    }
    tx.close();
    rx.close();
  });

  test('may be left out where it is optional', () => {
    const may = record({ before: 'u8', it: optional(kind), behind: 'u8', tail: 'text' }) as unknown as Loose;
    expect(may.decode(may.encode(around))).toEqual(around);
    expect(may.decode(may.encode({ ...around, it: undefined }))).toEqual(around);
    for (const it of carried) {
      expect(plain(may.decode(may.encode({ ...around, it }))['it'])).toEqual(plain(it));
    }
  });

  test('is never read outside of its message', () => {
    const whole = Buffer.from(
      codec.encode({ ...around, it: carried[carried.length === 7 ? 2 : 1] ?? carried[0] }),
    );
    const short = whole.subarray(0, Math.min(whole.length, 200));
    for (let length = 0; length < short.length; length += 1) {
      expect(() => codec.decode(Uint8Array.prototype.slice.call(short, 0, length))).toThrow();
    }
    expect(() => codec.decode(Buffer.concat([whole, Buffer.alloc(1)]))).toThrow('1 bytes are left');
  });
});

describe('a record', () => {
  const fields = { id: 'u32', note: optional('text'), body: 'bytes' } as const satisfies Fields;
  const value = { id: 1, body: new Uint8Array([1]) };

  test('carries everything, or says which property it cannot carry', () => {
    const codec = record(fields) as unknown as Loose;
    expect(() => codec.encode({ ...value, more: 1 })).toThrow("Received the key 'more'");
    expect(() => codec.encode({ id: 1 })).toThrow('value.body');
    expect(() => codec.encode(null)).toThrow('an object');
    expect(() => codec.encode(7)).toThrow('an object');
    expect(codec.decode(codec.encode({ ...value, more: undefined }))).toEqual(value);
  });

  test('takes a field of any name', () => {
    const codec = record({
      ['__proto__']: 'u8',
      constructor: 'u8',
      'a"b\n': 'u8',
      0: 'u8',
    }) as unknown as Loose;
    const odd = JSON.parse('{ "__proto__": 1, "constructor": 2, "a\\"b\\n": 3, "0": 4 }');
    const got = codec.decode(codec.encode(odd));
    expect(Object.getPrototypeOf(got)).toBe(Object.prototype);
    expect(Object.entries(got).sort()).toEqual(Object.entries(odd).sort());
  });

  test('reads each property of a value once, before it writes anything', () => {
    const codec = record({ a: 'text', b: 'text' });
    const [tx, rx] = bounded(4, { codec });
    const [inner, innerRx] = bounded(4, { codec });
    let reads = 0;
    tx.trySend({
      a: 'first',
      get b() {
        reads += 1;
        inner.trySend({ a: 'inner', b: 'x'.repeat(100) });
        return 'second';
      },
    });
    expect(rx.tryRecv()).toEqual({ a: 'first', b: 'second' });
    expect(innerRx.tryRecv()?.a).toBe('inner');
    expect(reads).toBe(1);
    for (const end of [tx, rx, inner, innerRx]) end.close();
  });

  test('gives bytes as views on the message, which are the receiver’s to keep', () => {
    const [tx, rx] = bounded(64, { codec: record(fields) });
    for (let id = 0; id < 64; id += 1) tx.trySend({ id, body: new Uint8Array(100).fill(id) });
    const kept = rx.tryRecvMany(64);
    for (let id = 0; id < 64; id += 1) tx.trySend({ id, body: new Uint8Array(100).fill(255) });
    rx.tryRecvMany(64);
    expect(kept.every(({ id, body }) => body.every((byte) => byte === id))).toBe(true);
    tx.close();
    rx.close();
  });

  test('is found by its name in another thread, made from the same fields', () => {
    const [tx, rx] = bounded(1, { codec: record(fields) });
    tx.trySend(value);
    const parcel = structuredClone(transfer(rx));
    expect(thrownBy(() => attach(parcel)).message).toContain('record(id:u32,note?:text,body:bytes)');
    expect(thrownBy(() => attach(parcel, { codecs: [record({ id: 'u8' })] }))).toBeInstanceOf(TypeError);
    const there = attach(parcel, { codecs: [record(fields)] });
    expect(there.tryRecv()?.id).toBe(1);
    there.close();
    tx.close();
  });

  test('works for the latest value', () => {
    const [input, output] = tripleBuffer({ byteLength: 64, codec: record({ x: 'f64', tag: 'text' }) });
    input.write({ x: 1.5, tag: 'now' });
    expect(output.read()).toEqual({ x: 1.5, tag: 'now' });
    input.close();
    output.close();
  });

  test('is refused for what are no fields', () => {
    for (const bad of [null, 1, 'u8', [], { a: 'u7' }, { a: null }, { a: {} }, { a: optional }]) {
      expect(() => record(bad as never)).toThrow(TypeError);
    }
    expect(() => optional('u7' as never)).toThrow("one of 'u8'");
  });

  test('carries whatever values its fields can hold', () => {
    const codec = record({
      a: 'i32',
      b: 'u64',
      c: 'f64',
      d: 'text',
      e: 'bytes',
      f: 'json',
      g: optional('bool'),
      h: optional('text'),
    }) as unknown as Loose;
    const anyValue = fc.record(
      {
        a: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
        b: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        c: fc.double(),
        d: fc.string({ unit: 'grapheme' }),
        e: fc.uint8Array({ maxLength: 300 }),
        f: fc.jsonValue(),
        g: fc.boolean(),
        h: fc.string({ unit: 'grapheme', maxLength: 50 }),
      },
      { requiredKeys: ['a', 'b', 'c', 'd', 'e', 'f'] },
    );
    fc.assert(
      fc.property(anyValue, (sent) => {
        const got = codec.decode(codec.encode(sent));
        expect({ ...got, e: [...(got['e'] as Uint8Array)], f: null }).toEqual({
          ...sent,
          e: [...sent.e],
          f: null,
        });
        expect(JSON.stringify(got['f'])).toBe(JSON.stringify(sent.f));
      }),
    );
  });
});

describe('a union', () => {
  const messages = union('kind', {
    frame: { id: 'u32', pixels: 'bytes' },
    note: { text: 'text' },
    flush: {},
  });

  test('carries each variant', () => {
    const [tx, rx] = bounded(8, { codec: messages });
    tx.trySend({ kind: 'frame', id: 1, pixels: new Uint8Array(3) });
    tx.trySend({ kind: 'note', text: 'hello' });
    tx.trySend({ kind: 'flush' });
    const [frame, note, flush] = rx.tryRecvMany(8);
    expect(frame).toEqual({ kind: 'frame', id: 1, pixels: new Uint8Array(3) });
    expect([note, flush]).toEqual([{ kind: 'note', text: 'hello' }, { kind: 'flush' }]);
    tx.close();
    rx.close();
  });

  test('refuses other variants, and what a variant does not have', () => {
    const codec = messages as unknown as Loose;
    expect(() => codec.encode({ kind: 'toString' })).toThrow("one of 'frame', 'note', 'flush'");
    expect(() => codec.encode({})).toThrow('value.kind');
    expect(() => codec.encode({ kind: 'flush', id: 1 })).toThrow("the key 'id'");
    expect(() => codec.decode(new Uint8Array(0))).toThrow();
    expect(() => codec.decode(new Uint8Array([3]))).toThrow('variant 3');
  });

  test('is refused where its variants cannot be told apart', () => {
    expect(() => union('kind', { a: { kind: 'u8' } })).toThrow('tells the variants apart');
    expect(() => union('kind', {})).toThrow(RangeError);
    const many = Object.fromEntries(Array.from({ length: 257 }, (_, index) => [`v${index}`, {}]));
    expect(() => union('kind', many)).toThrow('1 to 256');
    expect(() => union(1 as never, { a: {} })).toThrow(TypeError);
    expect(() => union('kind', null as never)).toThrow(TypeError);
  });
});

test('hostile bytes become a value of the fields or an error, whatever they are', () => {
  const one = record({
    a: 'u16',
    b: optional('text'),
    c: 'bytes',
    d: 'bool',
    e: optional('json'),
    f: 'f64',
  }) as unknown as Loose;
  const other = union('k', { x: { t: 'text' }, y: { b: 'bytes', n: optional('u64') } }) as unknown as Loose;
  const seeds = [
    one.encode({ a: 1, b: 'text', c: new Uint8Array(9), d: true, e: [1], f: 1 }),
    other.encode({ k: 'x', t: 'hello' }),
    other.encode({ k: 'y', b: new Uint8Array(5), n: 1n }),
  ];
  // In the middle of a larger buffer: bytes of the neighbours would show as 0xee.
  const memory = new Uint8Array(256).fill(0xee);
  let state = 1;
  const chance = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
  let decoded = 0;
  for (let round = 0; round < 100_000; round += 1) {
    const seed = seeds[round % 3]!;
    const length = chance(4) === 0 ? chance(seed.length + 1) : seed.length;
    const message = memory.subarray(64, 64 + length);
    message.set(seed.subarray(0, length));
    for (let change = chance(4); change >= 0 && length > 0; change -= 1)
      message[chance(length)] = chance(256);
    try {
      const value = (round % 3 === 0 ? one : other).decode(message);
      decoded += 1;
      for (const found of Object.values(value)) {
        if (ArrayBuffer.isView(found)) {
          expect(found.byteOffset).toBeGreaterThanOrEqual(64);
          expect(found.byteOffset + found.byteLength).toBeLessThanOrEqual(64 + length);
        }
      }
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
    }
    memory.fill(0xee, 64, 64 + seed.length);
  }
  expect(decoded).toBeGreaterThan(1000);
});

test('all of it holds where code may not be generated from strings', () => {
  const program = `
    const { record, union, optional } = require('millrace');
    const codec = record({ a: 'u8', b: optional('i64'), c: optional('text'), d: 'bytes', e: 'json', ['__proto__']: 'bool' });
    const value = JSON.parse('{ "a": 1, "e": [1], "__proto__": true }');
    value.c = 'caf\\u00e9'.repeat(30);
    value.d = new Uint8Array([1, 2]);
    const bytes = codec.encode(value);
    const got = codec.decode(bytes);
    const messages = union('kind', { x: { n: 'u16' }, y: {} });
    const refusals = [() => codec.encode({ ...value, more: 1 }), () => codec.decode(bytes.subarray(1)), () => messages.decode(new Uint8Array([9]))];
    const refused = refusals.map((refusal) => { try { refusal(); return 'taken'; } catch (error) { return error.name; } });
    console.log(JSON.stringify({ got: { ...got, d: [...got.d] }, hex: Buffer.from(bytes).toString('hex'), kinds: [messages.decode(messages.encode({ kind: 'x', n: 7 })), messages.decode(messages.encode({ kind: 'y' }))], refused }));
  `;
  const run = (...flags: string[]) =>
    execFileSync(process.execPath, [...flags, '-e', program], { encoding: 'utf8' });
  const interpreted = run('--disallow-code-generation-from-strings');
  expect(interpreted).toBe(run());
  expect(JSON.parse(interpreted)).toMatchObject({
    kinds: [{ kind: 'x', n: 7 }, { kind: 'y' }],
    refused: ['TypeError', 'TypeError', 'TypeError'],
  });
});
