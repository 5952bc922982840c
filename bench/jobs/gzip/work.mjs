// Compressing one chunk, and the number of the chunk that goes before its bytes.
import { constants, gzipSync } from 'node:zlib';

/** Bytes of a chunk's number. */
export const HEAD_BYTES = 8;

export function compress(bytes) {
  return gzipSync(bytes, { level: constants.Z_BEST_SPEED });
}

export function putNumber(bytes, number) {
  for (let at = 0; at < 4; at++) bytes[at] = number >>> (8 * at);
}

export function takeNumber(bytes) {
  return bytes[0] | (bytes[1] << 8) | (bytes[2] << 16) | (bytes[3] << 24);
}
