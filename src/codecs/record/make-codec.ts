/** What `record` and `union` give: a codec as any other, and as the inside sees it one that writes where native code reads. */
import { staging } from '../../border/binding.js';
import { encodeBytes, isUint8Array } from '../../border/bytes.js';
import { wrongType } from '../../errors/misuse.js';
import type { Codec, WireCodec } from '../codec.js';
import { cannotDecode, cannotEncode, kept } from '../codec-error.js';
import { asWire } from '../wire.js';
import type { Layout } from './fields.js';

interface Functions {
  write(value: unknown, to: Uint8Array, at: number, room: number, grows: boolean): number | Uint8Array;
  read(from: Uint8Array, at: number, end: number): object;
}

const nowhere = new Uint8Array(0);

export function makeCodec<T>(name: string, layouts: readonly Layout[], { write, read }: Functions): Codec<T> {
  const keepsBytes = layouts.some(({ fields }) => fields.some(({ kind }) => kind === 'bytes'));
  const codec: Codec<T> = {
    name,
    encode: (value) => write(value, nowhere, 0, -1, true) as Uint8Array,
    encodeInto: (value, target) => write(value, target, 0, target.length, false) as number,
    decode(bytes) {
      if (!isUint8Array(bytes)) throw wrongType('bytes', 'an instance of Uint8Array', bytes);
      return read(bytes, 0, bytes.length) as T;
    },
  };
  const wire: WireCodec = {
    name,
    keeps: keepsBytes ? 'bytes' : 'nothing',
    encode(value) {
      try {
        const encoded = write(value, staging, 0, staging.length, true);
        return typeof encoded === 'number' ? encoded : encodeBytes(encoded);
      } catch (cause) {
        throw cannotEncode(name, cause);
      }
    },
    read(memory, offset, length) {
      try {
        return read(memory, offset, offset + length);
      } catch (cause) {
        throw cannotDecode(name, cause, kept(memory, offset, length));
      }
    },
  };
  return asWire(codec, wire);
}
