/** The codec `'f64'`: one number as eight bytes, without allocating. */
import { staging } from '../border/binding.js';
import type { WireCodec } from './codec.js';
import { scratch } from '../ends/receiving/receive-memory.js';
import { wrongType } from '../errors/misuse.js';
import { cannotDecode, kept } from './codec-error.js';

const byteLength = 8;
const outgoing = new Float64Array(staging.buffer, 0, 1);
const aloneNumber = new Float64Array(1);
const alone = new Uint8Array(aloneNumber.buffer);
const incoming = new Float64Array(scratch.buffer);

export const f64: WireCodec = {
  name: 'f64',
  keeps: 'nothing',
  encode(value) {
    if (typeof value !== 'number') throw wrongType('value', 'a number', value);
    outgoing[0] = value;
    return byteLength;
  },
  read(memory, offset, length) {
    // Messages begin at multiples of eight.
    if (memory === scratch && length === byteLength) return incoming[offset / byteLength];
    if (length === byteLength) return readFloat(memory, offset);
    throw cannotDecode('f64', new TypeError('a number is eight bytes'), kept(memory, offset, length));
  },
};

/** A number that lies anywhere, in the byte order of this machine. */
function readFloat(memory: Uint8Array, offset: number): number {
  alone.set(memory.subarray(offset, offset + byteLength));
  return aloneNumber[0] as number;
}
