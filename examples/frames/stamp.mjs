/**
 * A frame on its way, one message: its pixels between a head that tells when it was made and a tail by which
 * one sees that all of it is of one frame.
 * ```text
 * byte 0          4     8        16       16 + pixels
 *      sequence | sum | madeAt | pixels | sequence
 * ```
 */

const HEAD_BYTES = 16;
const TAIL_BYTES = 4;

/** Milliseconds on a clock that all threads share, and nobody sets. */
export function instant() {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Bytes of a message with so many bytes of pixels. */
export function messageBytes(pixelBytes) {
  return HEAD_BYTES + pixelBytes + TAIL_BYTES;
}

/** The pixels of a message. */
export function pixelsOf(message) {
  return message.subarray(HEAD_BYTES, message.length - TAIL_BYTES);
}

/** Makes a frame of the pixels that lie in the message: it is made now. */
export function seal(message, sequence) {
  const view = viewOf(message);
  view.setUint32(0, sequence, true);
  view.setInt32(4, sumOf(pixelsOf(message)), true);
  view.setUint32(message.length - TAIL_BYTES, sequence, true);
  view.setFloat64(8, instant(), true);
}

/** What the stamp says; throws where the message is not one frame from end to end. */
export function check(message) {
  const view = viewOf(message);
  const sequence = view.getUint32(0, true);
  const last = view.getUint32(message.length - TAIL_BYTES, true);
  if (sequence !== last)
    throw new Error(`A frame arrived torn: it begins as ${sequence} and ends as ${last}`);
  const sum = view.getInt32(4, true);
  const seen = sumOf(pixelsOf(message));
  if (sum !== seen) {
    throw new Error(`A frame arrived torn: the sum of ${sequence} is ${sum}, that of its pixels ${seen}`);
  }
  return { sequence, madeAt: view.getFloat64(8, true) };
}

function viewOf(message) {
  return new DataView(message.buffer, message.byteOffset, message.length);
}

/** A checksum that tells where a byte is, too: rows of two frames may well be alike but for their place. */
function sumOf(pixels) {
  const words = new Int32Array(pixels.buffer, pixels.byteOffset, pixels.length >> 2);
  let sum = 0;
  let sums = 0;
  for (let index = 0; index < words.length; index++) {
    sum = (sum + words[index]) | 0;
    sums = (sums + sum) | 0;
  }
  for (const byte of pixels.subarray(words.byteLength)) {
    sum = (sum + byte) | 0;
    sums = (sums + sum) | 0;
  }
  return sum ^ Math.imul(sums, 31);
}
