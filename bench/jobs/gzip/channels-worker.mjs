// Compresses each chunk that comes, in place of a pool's task: blocks for it, reads it where it lies, and sends the result.
import { workerData } from 'node:worker_threads';
import { ChannelClosedError, attach } from 'millrace';
import { HEAD_BYTES, compress } from './work.mjs';

const { rx, tx } = attach(workerData);
try {
  for (;;) {
    const chunk = rx.recvRefSync();
    const compressed = compress(chunk.bytes.subarray(HEAD_BYTES));
    const result = tx.sendRef(HEAD_BYTES + compressed.length);
    result.bytes.set(chunk.bytes.subarray(0, HEAD_BYTES));
    result.bytes.set(compressed, HEAD_BYTES);
    result.sendSync();
    chunk[Symbol.dispose]();
  }
} catch (error) {
  if (!(error instanceof ChannelClosedError)) throw error;
}
rx.close();
tx.close();
