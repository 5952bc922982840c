// Long values are encoded into memory that is there already: nothing is allocated for each of them.
import { bounded, type Codec } from 'millrace';
import { describe, expect, test } from 'vitest';

import { codecOf, encoder } from './strings';

const mebibyte = 2 ** 20;

/** A codec that counts how it was asked. */
function counting(): Codec<string> & { calls: Record<'encode' | 'encodeInto', number> } {
  const calls = { encode: 0, encodeInto: 0 };
  const parts = {
    encode(value: string) {
      calls.encode += 1;
      return encoder.encode(value);
    },
    encodeInto(value: string, target: Uint8Array) {
      calls.encodeInto += 1;
      const { read, written } = encoder.encodeInto(value, target);
      return read === value.length ? written : -1;
    },
  };
  return Object.assign(codecOf(parts), { calls });
}

const long = 'x'.repeat(300_000);
const wide = '\u4e2d'.repeat(300_000);
const rows: [string, string, object | string, unknown][] = [
  ['text', 'of one byte a unit', 'text', long],
  ['text', 'of three bytes a unit', 'text', wide],
  ['text', 'of a whole mebibyte', 'text', 'x'.repeat(mebibyte)],
  ['json', 'of one byte a unit', 'json', { long }],
  ['encodeInto', 'of one byte a unit', counting(), long],
  ['encodeInto', 'of three bytes a unit', counting(), wide],
];

describe.each(rows)('%s %s', (_, __, codec, value) => {
  test('takes no array buffer for a message', () => {
    // What it drops nobody decodes, so that only encoding is looked at.
    const [tx, rx] = bounded(1, { codec, overflow: 'drop-oldest' } as never);
    const sends = [() => tx.trySend(value as never), () => tx.sendSync(value as never)];
    for (const send of sends) send();
    const before = process.memoryUsage().arrayBuffers;
    let most = before;
    for (let round = 0; round < 100; round += 1) {
      for (const send of sends) {
        send();
        most = Math.max(most, process.memoryUsage().arrayBuffers);
      }
    }
    // Less than one message, where each would be seen at once.
    expect(most - before).toBeLessThan(100_000);
    expect(rx.tryRecv()).toEqual(value);
    tx.close();
    rx.close();
  });
});

test.each([1, 2, 3])('text of %d bytes a unit is whole around what there is room for', (bytes) => {
  const unit = ['x', '\u00e9', '\u4e2d'][bytes - 1]!;
  const [tx, rx] = bounded(1, { codec: 'text' });
  for (const room of [65_536, mebibyte]) {
    for (const about of [room / 3, room / bytes]) {
      for (const units of [-2, -1, 0, 1, 2].map((more) => Math.floor(about) + more)) {
        // The end shows where it was cut; a lone surrogate takes three bytes.
        for (const [sent, received = sent] of [
          [''],
          ['!'],
          ['\ud83d\ude00'],
          ['\ud83d', '\ufffd'],
        ] as const) {
          const text = unit.repeat(units);
          expect(tx.trySend(text + sent)).toBe(true);
          expect(rx.tryRecv() === text + received).toBe(true);
        }
      }
    }
  }
  tx.close();
  rx.close();
});

test('encodeInto gets a target that has grown after a value that was too long, up to 1 MiB', () => {
  const codec = counting();
  const [tx, rx] = bounded(1, { codec });
  const carry = (length: number): string => {
    Object.assign(codec.calls, { encode: 0, encodeInto: 0 });
    const value = 'x'.repeat(length);
    tx.trySend(value);
    expect(rx.tryRecv() === value).toBe(true);
    return `${codec.calls.encodeInto} ${codec.calls.encode}`;
  };
  expect([65_536, 65_537, 65_537, 131_072].map(carry)).toEqual(['1 0', '1 1', '1 0', '1 0']);
  expect([mebibyte, mebibyte, 1, 131_072].map(carry)).toEqual(['1 1', '1 0', '1 0', '1 0']);
  expect([mebibyte + 1, mebibyte + 1, mebibyte].map(carry)).toEqual(['1 1', '1 1', '1 0']);
  tx.close();
  rx.close();
});
