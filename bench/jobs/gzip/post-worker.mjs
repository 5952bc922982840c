// Compresses each chunk that is posted; moves the result and the chunk's own buffer back.
import { parentPort } from 'node:worker_threads';
import { compress } from './work.mjs';

parentPort.on('message', ({ number, bytes }) => {
  // Not in the pool of small buffers, which must not move.
  const compressed = new Uint8Array(compress(bytes));
  parentPort.postMessage({ number, bytes, compressed }, [bytes.buffer, compressed.buffer]);
});
parentPort.postMessage('open');
