/**
 * What goes between the demo's threads over millrace: a chunk on its way there or back, or a notice of a worker.
 * ```text
 * byte 0   4       8        40
 *      0 | index | digest | the chunk, or what became of it; on the way there the digest is not written yet
 *      1 | JSON
 * ```
 */
import type { Piece } from './job';

const CHUNK = 0;
const NOTICE = 1;
const INDEX_AT = 4;
const DIGEST_AT = 8;
/** Bytes before a chunk's own. */
export const HEAD_BYTES = 40;

export type Notice =
  /** The worker has seen the end of the jobs. `handover`: milliseconds inside its handing-over calls. */
  { readonly kind: 'done'; readonly handover: number } | { readonly kind: 'failed'; readonly reason: string };

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

export function writeDigest(letter: Uint8Array, digest: Uint8Array): void {
  letter.set(digest, DIGEST_AT);
}

/** The bytes of a notice. */
export function notify(notice: Notice): Uint8Array {
  return Buffer.concat([Uint8Array.of(NOTICE), Buffer.from(JSON.stringify(notice))]);
}

/** What a worker says: a notice, or a piece whose bytes lie in the letter. */
export function read(letter: Uint8Array): Notice | ({ readonly kind: 'chunk' } & Piece) {
  if (letter[0] === NOTICE) return JSON.parse(Buffer.from(letter).toString('utf8', 1)) as Notice;
  return {
    kind: 'chunk',
    index: indexOf(letter),
    digest: letter.subarray(DIGEST_AT, HEAD_BYTES),
    bytes: letter.subarray(HEAD_BYTES),
  };
}

function viewOf(letter: Uint8Array): DataView {
  return new DataView(letter.buffer, letter.byteOffset, letter.byteLength);
}
