/** The work of the demo: what a worker does with one chunk, and how the chunk is had back from it. */
import { createHash } from 'node:crypto';
import { constants, gunzipSync, gzipSync } from 'node:zlib';

export const jobs = ['hash', 'gzip'] as const;
export type Job = (typeof jobs)[number];

/** What became of one chunk. */
export interface Piece {
  /** Which chunk of the file it is, from 0. */
  readonly index: number;
  /** SHA-256 of the chunk as the worker saw it: it proves the way there. */
  readonly digest: Uint8Array;
  /** The chunk itself (hash) or compressed (gzip): it proves the way back. */
  readonly bytes: Uint8Array;
}

/** Does the job on one chunk. */
export function perform(job: Job, index: number, chunk: Uint8Array): Piece {
  return { index, digest: digestOf(chunk), bytes: job === 'hash' ? chunk : compress(chunk) };
}

/** The chunk that a piece was made from. */
export function chunkOf(job: Job, piece: Piece): Uint8Array {
  return job === 'hash' ? piece.bytes : gunzipSync(piece.bytes);
}

/** SHA-256 of one chunk. */
export function digestOf(chunk: Uint8Array): Uint8Array {
  return createHash('sha256').update(chunk).digest();
}

function compress(chunk: Uint8Array): Uint8Array {
  return gzipSync(chunk, { level: constants.Z_BEST_SPEED });
}
