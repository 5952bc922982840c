// What a message of the soak says: who sent it, its number, its length, and bytes to the end that follow from those.

/** Bytes of the head; a message is as long at least, or empty. */
export const HEAD = 12;
export const LONGEST = 2 ** 20;

/** What every message is filled with, so that only its head and its end need to be written. */
const filling = Uint8Array.from({ length: LONGEST }, (_, index) => fillingAt(index));

function fillingAt(index) {
  return (index * 31) & 0xff;
}

/** Memory for a message of any length, filled. */
export function scratch() {
  return filling.slice();
}

/** Writes message `number` over `bytes`, which hold the filling already, or are filled now. */
export function stamp(bytes, sender, number, isFilled) {
  if (!isFilled) bytes.set(filling.subarray(0, bytes.length));
  if (bytes.length === 0) return;
  const head = new DataView(bytes.buffer, bytes.byteOffset, HEAD);
  head.setUint32(0, sender);
  head.setUint32(4, number);
  head.setUint32(8, bytes.length);
}

/** Who sent a message, and its number; an error when it is not as it was sent. An empty one has neither. */
export function read(bytes) {
  if (bytes.length === 0) return undefined;
  const head = new DataView(bytes.buffer, bytes.byteOffset, HEAD);
  const [sender, number, length] = [0, 4, 8].map((at) => head.getUint32(at));
  const isWhole = [HEAD, length >> 1, length - 1].every(
    (at) => at < HEAD || at >= length || bytes[at] === fillingAt(at),
  );
  if (length === bytes.length && isWhole) return { sender, number };
  throw new Error(`message ${number} of sender ${sender} came damaged: ${bytes.length} bytes of ${length}`);
}

/** A length: short, or up to `longest`, each sort often, or nothing where that may be. */
export function someLength(random, longest, mayBeEmpty) {
  const most = random.once(0.04) ? LONGEST : random.once(0.15) ? 65_536 : random.once(0.3) ? 4096 : 128;
  if (mayBeEmpty && random.once(0.05)) return 0;
  return HEAD + random.below(Math.min(longest, most) - HEAD + 1);
}
