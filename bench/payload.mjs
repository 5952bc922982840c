// What every message says, whoever carries it: its number at the front and at the very end.

/** Writes message `number` over `bytes`. */
export function stamp(bytes, number) {
  bytes[0] = number;
  bytes[1] = number >>> 8;
  bytes[2] = number >>> 16;
  bytes[3] = number >>> 24;
  bytes[bytes.length - 1] = number ^ 0x5a;
}

/** Throws unless `bytes` are message `number`, `size` bytes long. */
export function check(bytes, number, size) {
  const found = bytes[0] | (bytes[1] << 8) | (bytes[2] << 16) | (bytes[3] << 24);
  if (found === (number | 0) && bytes[bytes.length - 1] === ((number ^ 0x5a) & 0xff) && bytes.length === size)
    return;
  throw new Error(`Expected message ${number} of ${size} bytes, received ${found} of ${bytes.length} bytes`);
}
