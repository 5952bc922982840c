/** The codecs `'bytes'` and `'buffer'`: bytes as they are. */
import { encodeBytes, encodeBytesInto } from '../border/bytes.js';
import type { WireCodec } from './codec.js';
import { after } from '../ends/receiving/receive-memory.js';

/** The memory read from last, whose getters cost as much as making a view on it (51 ns, and 24 without them). */
let last = new Uint8Array(0);
let lastBuffer = last.buffer;
let lastStart = 0;

function look(memory: Uint8Array<ArrayBuffer>): void {
  last = memory;
  lastBuffer = memory.buffer;
  lastStart = memory.byteOffset;
}

export const bytes: WireCodec = {
  name: 'bytes',
  keeps: 'bytes',
  encode: encodeBytes,
  encodeInto: encodeBytesInto,
  read(memory, offset, length) {
    if (offset === 0 && length === memory.length) return memory;
    if (memory !== last) look(memory as Uint8Array<ArrayBuffer>);
    return new Uint8Array(lastBuffer, lastStart + offset, length);
  },
  readAll(memory, offset, lengths, count, into) {
    let at = offset;
    const start = into.length;
    // Room made once: a push that grows the list now and then takes a twentieth longer.
    into.length = start + count;
    for (let index = 0; index < count; index += 1) {
      const length = lengths[index] as number;
      // An empty message needs no memory, so it keeps none from being freed.
      into[start + index] = length === 0 ? new Uint8Array(0) : new Uint8Array(memory, at, length);
      at = after(at, length);
    }
  },
};

export const buffer: WireCodec = {
  name: 'buffer',
  keeps: 'bytes',
  encode: encodeBytes,
  encodeInto: encodeBytesInto,
  read(memory, offset, length) {
    if (memory !== last) look(memory as Uint8Array<ArrayBuffer>);
    return Buffer.from(lastBuffer, lastStart + offset, length);
  },
};
