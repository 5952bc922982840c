/** How long memory may be that is had for a message. */
import { outOfRange, wrongType } from '../errors/misuse.js';

/** The longest message that can be made in place, in bytes. */
export const mostBytes = 2 ** 31;

/** A `byteLength` argument, 0 to `most`. */
export function readByteLength(byteLength: unknown, most = mostBytes): number {
  if (typeof byteLength !== 'number') throw wrongType('byteLength', 'a number of bytes', byteLength);
  if (!Number.isInteger(byteLength) || byteLength < 0 || byteLength > most) {
    throw outOfRange('byteLength', `an integer, 0 to ${most}`, byteLength);
  }
  return byteLength;
}
