/** Memory of millrace's own, for bytes that are going to be moved. */
import { Code, binding, longestCopied } from './border/binding.js';
import { copies } from './border/external-memory.js';
import { lend } from './border/homes.js';
import { noMemory } from './errors/misuse.js';
import { readByteLength } from './refs/byte-length.js';

/**
 * Memory of millrace's own, to be filled by anybody: `fs.read`, a decoder, a socket. What is in it at first is not said.
 * Sent with `{ transfer: true }` it goes to the receiver without a copy, from thread to thread as often as it is sent on
 * so. Never sent, it is given back by garbage collection.
 *
 * `byteLength`: 0 to 2,147,483,648, another number, or one that memory cannot hold, is a `RangeError`. Up to 4 KiB, where
 * a copy is as quick, where the runtime forbids external memory, and beyond 256 MiB that a thread has of it and has not
 * sent, it is ordinary memory, and copied once when it is moved.
 *
 * @example
 * ```ts
 * import { open } from 'node:fs/promises';
 * import { alloc, bounded } from 'millrace';
 *
 * const [tx, rx] = bounded(8);
 * await using file = await open(process.execPath);
 * const bytes = alloc(65_536);
 * await file.read(bytes);
 * await tx.send(bytes, { transfer: true });
 * console.log(bytes.length, (await rx.recv()).length); // 0 65536
 * tx.close();
 * rx.close();
 * ```
 */
export function alloc(byteLength: number): Uint8Array<ArrayBuffer> {
  const length = readByteLength(byteLength);
  if (length > longestCopied && !copies) {
    const lent = binding.alloc(length);
    if (typeof lent !== 'number' || lent >= 0) return new Uint8Array(lend(lent).buffer);
    if (lent === Code.noMemory) throw noMemory(notEnough(length));
  }
  try {
    return new Uint8Array(length);
  } catch {
    throw noMemory(notEnough(length));
  }
}

function notEnough(length: number): string {
  return `there is not enough memory for ${length} bytes`;
}
