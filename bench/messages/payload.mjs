// What every message says, whoever carries it: its number at the front, who sent it, and the number again at the very end.

/** The number of a message that says: that was all. */
export const LAST = -1;
/** Where a team's sender writes which of them it is. */
const SENDER_AT = 4;

/** Writes message `number` over `bytes`. */
export function stamp(bytes, number) {
  bytes[0] = number;
  bytes[1] = number >>> 8;
  bytes[2] = number >>> 16;
  bytes[3] = number >>> 24;
  bytes[bytes.length - 1] = number ^ 0x5a;
}

/** As `stamp`, by one of several senders. */
export function stampFrom(bytes, number, sender) {
  stamp(bytes, number);
  bytes[SENDER_AT] = sender;
}

/** Throws unless `bytes` are message `number`, `size` bytes long. */
export function check(bytes, number, size) {
  if (
    numberOf(bytes) === (number | 0) &&
    bytes[bytes.length - 1] === ((number ^ 0x5a) & 0xff) &&
    bytes.length === size
  )
    return;
  throw new Error(
    `Expected message ${number} of ${size} bytes, received ${numberOf(bytes)} of ${bytes.length} bytes`,
  );
}

export function numberOf(bytes) {
  return bytes[0] | (bytes[1] << 8) | (bytes[2] << 16) | (bytes[3] << 24);
}

export function senderOf(bytes) {
  return bytes[SENDER_AT];
}
