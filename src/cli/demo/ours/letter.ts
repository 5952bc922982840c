/**
 * What goes between the demo's threads over millrace: a chunk on its way there or back, or why a worker failed.
 * ```text
 * byte 0   4       8        40         48
 *      0 | index | digest | handover | the chunk, or what became of it; a worker writes the digest and the handover
 *      1 | the reason
 * ```
 */
import type { Piece } from '../job';

const CHUNK = 0;
const FAILURE = 1;
const INDEX_AT = 4;
const DIGEST_AT = 8;
const HANDOVER_AT = 40;
/** Bytes before a chunk's own. */
export const HEAD_BYTES = 48;

/** A piece whose bytes lie in a letter. */
export interface Told extends Piece {
  /** Milliseconds that the worker was inside its handing-over calls since its letter before. */
  readonly handover: number;
}

/** Begins a letter about chunk `index`. */
export function address(letter: Uint8Array, index: number): void {
  letter[0] = CHUNK;
  viewOf(letter).setUint32(INDEX_AT, index, true);
}

export function indexOf(letter: Uint8Array): number {
  return viewOf(letter).getUint32(INDEX_AT, true);
}

/** Where the chunk lies in a letter. */
export function chunkIn(letter: Uint8Array): Uint8Array {
  return letter.subarray(HEAD_BYTES);
}

/** Writes what a worker adds. */
export function sign(letter: Uint8Array, digest: Uint8Array, handover: number): void {
  letter.set(digest, DIGEST_AT);
  viewOf(letter).setFloat64(HANDOVER_AT, handover, true);
}

/** The letter of a worker that fails. */
export function failure(reason: unknown): Uint8Array {
  return Buffer.concat([Uint8Array.of(FAILURE), Buffer.from(String(reason))]);
}

/** What a worker says of a chunk. Throws if it says that it failed. */
export function read(letter: Uint8Array): Told {
  if (letter[0] === FAILURE) throw new Error(`A worker failed: ${Buffer.from(letter).toString('utf8', 1)}`);
  return {
    index: indexOf(letter),
    digest: letter.subarray(DIGEST_AT, HANDOVER_AT),
    handover: viewOf(letter).getFloat64(HANDOVER_AT, true),
    bytes: letter.subarray(HEAD_BYTES),
  };
}

function viewOf(letter: Uint8Array): DataView {
  return new DataView(letter.buffer, letter.byteOffset, letter.byteLength);
}
