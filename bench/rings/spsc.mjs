// A ring for one sender and one receiver in shared memory, as fast as JavaScript lets us make it.
//
//   indexes   | tail (written by the sender) | head (by the receiver), each on cache lines of its own
//   lengths   | one a slot                   slots   | views made once, one a slot
//
// Each side keeps what it last saw of the other's index, and looks again only when that says full or empty.
const HEAD = 32;

/** Shared memory for `capacity` messages, a power of two, of at most `size` bytes. */
export function makeSpsc(capacity, size) {
  const stride = (size + 63) & ~63;
  return {
    capacity,
    size,
    indexes: new SharedArrayBuffer(HEAD * 8),
    lengths: new SharedArrayBuffer(capacity * 4),
    bytes: new SharedArrayBuffer(capacity * stride),
    stride,
  };
}

export class Spsc {
  #head = 0;
  #tail = 0;

  constructor({ capacity, size, indexes, lengths, bytes, stride }) {
    this.capacity = capacity;
    this.mask = capacity - 1;
    this.indexes = new Int32Array(indexes);
    this.lengths = new Int32Array(lengths);
    this.slots = Array.from({ length: capacity }, (_, slot) => new Uint8Array(bytes, slot * stride, size));
  }

  // The sender's.

  /** The slot to write next, or undefined when the ring is full; `ahead`: written already, and not yet published. */
  free(ahead) {
    const tail = this.#tail + ahead;
    if (((tail - this.#head) | 0) >= this.capacity) {
      this.#head = Atomics.load(this.indexes, HEAD);
      if (((tail - this.#head) | 0) >= this.capacity) return undefined;
    }
    return this.slots[tail & this.mask];
  }

  /** Says how long the message is that was written `ahead` of what is published. */
  written(ahead, length) {
    this.lengths[(this.#tail + ahead) & this.mask] = length;
  }

  /** So many more can be received. */
  publish(count) {
    this.#tail = (this.#tail + count) | 0;
    Atomics.store(this.indexes, 0, this.#tail);
  }

  push(message) {
    const slot = this.free(0);
    if (slot === undefined) return false;
    slot.set(message);
    this.written(0, message.length);
    this.publish(1);
    return true;
  }

  // The receiver's.

  /** How many there are to read. */
  ready() {
    const known = (this.#tail - this.#head) | 0;
    if (known > 0) return known;
    this.#tail = Atomics.load(this.indexes, 0);
    return (this.#tail - this.#head) | 0;
  }

  /** The bytes of a message in its slot, `ahead` of the first one. */
  read(ahead) {
    const slot = (this.#head + ahead) & this.mask;
    const bytes = this.slots[slot];
    const length = this.lengths[slot];
    return length === bytes.length ? bytes : bytes.subarray(0, length);
  }

  /** So many have been read, and their slots can be written again. */
  release(count) {
    this.#head = (this.#head + count) | 0;
    Atomics.store(this.indexes, HEAD, this.#head);
  }

  /** Copies the next message into `target`: its length, or -1. */
  popInto(target) {
    if (this.ready() === 0) return -1;
    const bytes = this.read(0);
    target.set(bytes);
    this.release(1);
    return bytes.length;
  }

  /** The next message in memory of its own, or undefined. */
  pop() {
    if (this.ready() === 0) return undefined;
    const bytes = this.read(0).slice();
    this.release(1);
    return bytes;
  }
}
