/** What every message says: its number, at its front and at its very end. */

export function stamp(bytes: Uint8Array, number: number): void {
  bytes[0] = number;
  bytes[1] = number >>> 8;
  bytes[2] = number >>> 16;
  bytes[3] = number >>> 24;
  bytes[bytes.length - 1] = number ^ 0x5a;
}

/** Throws unless `bytes` are message `number`, `size` bytes long. */
export function check(bytes: Uint8Array, number: number, size: number): void {
  const [first = 0, second = 0, third = 0, fourth = 0] = bytes;
  const found = first | (second << 8) | (third << 16) | (fourth << 24);
  if (found === number && bytes[bytes.length - 1] === ((number ^ 0x5a) & 0xff) && bytes.length === size)
    return;
  throw new Error(`Expected message ${number} of ${size} bytes, received ${found} of ${bytes.length} bytes`);
}
