/** The codecs `'bytes'` and `'buffer'`: bytes as they are. */
import { lay, put } from '../bytes.js';
import type { WireCodec } from '../codec.js';
import { after } from '../intake.js';

export const bytes: WireCodec = {
  name: 'bytes',
  keeps: 'bytes',
  lay,
  put,
  read(memory, offset, length) {
    if (offset === 0 && length === memory.length) return memory;
    return new Uint8Array(memory.buffer, memory.byteOffset + offset, length);
  },
  readAll(memory, offset, lengths, count, into) {
    let at = offset;
    for (let index = 0; index < count; index += 1) {
      const length = lengths[index] as number;
      // An empty message needs no memory, so it keeps none from being freed.
      into.push(length === 0 ? new Uint8Array(0) : new Uint8Array(memory, at, length));
      at = after(at, length);
    }
  },
};

export const buffer: WireCodec = {
  name: 'buffer',
  keeps: 'bytes',
  lay,
  put,
  read(memory, offset, length) {
    return Buffer.from(memory.buffer, memory.byteOffset + offset, length);
  },
};
