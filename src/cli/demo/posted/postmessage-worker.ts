/** One worker of the demo over postMessage: does each chunk that is posted to it and moves the outcome back. */
import { parentPort, workerData } from 'node:worker_threads';

import { Handover } from '../../handover';
import { type Job, type Piece, perform } from '../job';

export interface WorkerTask {
  readonly job: Job;
}

export interface Request {
  readonly index: number;
  /** From the start of a buffer of its own, which moves along. */
  readonly chunk: Uint8Array<ArrayBuffer>;
}

/** A piece, and the buffer that its chunk came in, to be used again. */
export interface ReturnedPiece extends Piece {
  readonly buffer: ArrayBuffer;
}

export interface Reply {
  readonly piece: ReturnedPiece;
  /** Bytes of the chunk that came. */
  readonly length: number;
  /** Milliseconds that handing over the reply before this one took. */
  readonly handover: number;
}

const handover = new Handover();

parentPort?.on('message', ({ index, chunk }: Request) => {
  const { job } = workerData as WorkerTask;
  const { digest, bytes } = perform(job, index, chunk);
  const { buffer } = chunk;
  // Copies of what is small, because a Buffer may lie in a pool that must not move.
  const piece = {
    index,
    digest: new Uint8Array(digest),
    bytes: job === 'hash' ? chunk : new Uint8Array(bytes),
    buffer,
  };
  const reply: Reply = { piece, length: chunk.length, handover: handover.take() };
  const moved = job === 'hash' ? [buffer] : [buffer, piece.bytes.buffer];
  handover.time(() => parentPort?.postMessage(reply, moved));
});
