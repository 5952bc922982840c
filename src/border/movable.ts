/** Whether the caller's bytes can be moved: all of a buffer that can be detached. What cannot be is refused in words. */
import { isMarkedAsUntransferable } from 'node:worker_threads';

import { refused } from '../errors/misuse.js';
import { type Extent, bufferLengthOf } from './bytes.js';

const { structuredClone } = globalThis;
const { isBuffer } = Buffer;

/** Memory that cannot be detached, WebAssembly's and asm.js's, has a multiple of so many bytes. */
const page = 4096;

/** Whether a buffer is marked as untransferable. Node 20 does not tell. */
export function isMarked(buffer: ArrayBuffer): boolean {
  return isMarkedAsUntransferable?.(buffer) === true;
}

/** The buffer whose whole `value` is, which lies there. Throws where it cannot be moved, as far as that is seen at once. */
export function bufferToMove({ buffer, isShared, isWhole }: Extent, value: unknown): ArrayBuffer {
  if (isShared) throw notMoved('not be shared memory', 'a SharedArrayBuffer, or a view on one');
  if (!isWhole) throw notMoved('be all of its ArrayBuffer', partOf(value as ArrayBufferView));
  if (isMarked(buffer as ArrayBuffer)) throw untransferable('one that is marked as untransferable');
  return buffer as ArrayBuffer;
}

/**
 * Throws unless a buffer that is not lent can be detached. There is no way to ask but this one, which changes nothing
 * and takes some 10 us: a buffer that is listed twice is an error, unless it cannot be listed at all.
 */
export function mustBeDetachable(buffer: ArrayBuffer): void {
  if (isMarkedAsUntransferable !== undefined && bufferLengthOf(buffer) % page !== 0) return;
  try {
    structuredClone(null, { transfer: [buffer, buffer] });
  } catch (error) {
    if (!/unsupported type|not detachable/i.test((error as Error).message)) return;
  }
  throw untransferable('memory of WebAssembly, or a buffer that is marked as untransferable');
}

function partOf(view: ArrayBufferView): string {
  const { length: whole } = new Uint8Array(view.buffer);
  const part = `${view.byteLength} of its ${whole} bytes`;
  if (!isBuffer(view)) return `a view on ${part}`;
  return `a Buffer of ${part}, as those in Node's pool are; alloc() and Buffer.alloc() give whole ones`;
}

function untransferable(received: string): Error {
  return notMoved('be in a buffer that can be detached', received);
}

function notMoved(expected: string, received: string): Error {
  return refused(`The "value" argument must ${expected} to be transferred. Received ${received}`);
}
