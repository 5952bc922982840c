// The piscina task: compresses a chunk, and moves the result back.
import { move } from 'piscina';
import { compress } from './work.mjs';

export default function task(bytes) {
  // Not in the pool of small buffers, which must not move.
  return move(new Uint8Array(compress(bytes)));
}
