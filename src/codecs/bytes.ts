/** The codecs `'bytes'` and `'buffer'`: bytes as they are. */
import { lay, put } from '../bytes.js';
import type { WireCodec } from '../codec.js';

export const bytes: WireCodec = {
  name: 'bytes',
  keeps: 'bytes',
  lay,
  put,
  read(memory, offset, length) {
    if (offset === 0 && length === memory.length) return memory;
    return new Uint8Array(memory.buffer, memory.byteOffset + offset, length);
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
