/** The codec `'text'`: strings as UTF-8. */
import { staging } from '../border/binding.js';
import { encodeBytes } from '../border/bytes.js';
import type { WireCodec } from './codec.js';
import { scratch } from '../ends/receiving/receive-memory.js';
import { wrongType } from '../errors/misuse.js';
import { cannotDecode, kept } from './codec-error.js';

/** The most bytes that one UTF-16 code unit becomes. */
const bytesPerUnit = 3;
const stagingText = Buffer.from(staging.buffer);
const scratchText = Buffer.from(scratch.buffer);

/** A string's bytes, encoded where native code copies them from; a lone surrogate becomes U+FFFD. */
export function layText(value: string): number | Uint8Array {
  if (value.length * bytesPerUnit <= staging.length || isShort(value))
    return stagingText.write(value, 0, 'utf8');
  return encodeBytes(Buffer.from(value, 'utf8'));
}

function isShort(value: string): boolean {
  return value.length <= staging.length && Buffer.byteLength(value, 'utf8') <= staging.length;
}

/** The string of these bytes, a byte order mark included. */
export function readText(memory: Uint8Array, offset: number, length: number): string {
  const whole =
    memory === scratch ? scratchText : Buffer.from(memory.buffer, memory.byteOffset, memory.length);
  return whole.toString('utf8', offset, offset + length);
}

/** The last block written to, as a `Buffer`. */
let lastTarget: Uint8Array | undefined;
let lastText: Buffer;

function textOver(target: Uint8Array): Buffer {
  if (target !== lastTarget) {
    lastTarget = target;
    lastText = Buffer.from(target.buffer, target.byteOffset, target.length);
  }
  return lastText;
}

export const text: WireCodec = {
  name: 'text',
  keeps: 'nothing',
  encode(value) {
    if (typeof value !== 'string') throw wrongType('value', 'a string', value);
    return layText(value);
  },
  encodeInto(value, target, offset, room) {
    if (typeof value !== 'string' || value.length * bytesPerUnit > room) return -1;
    return textOver(target).write(value, offset, 'utf8');
  },
  read(memory, offset, length) {
    try {
      return readText(memory, offset, length);
    } catch (cause) {
      throw cannotDecode('text', cause, kept(memory, offset, length));
    }
  },
};
