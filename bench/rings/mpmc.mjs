// A ring for many senders and receivers in shared memory: Vyukov's bounded queue, each slot with a turn of its own.
//
// A slot's turn is the place of the send it waits for, or, once written, that plus one: who claims a place by
// compare-exchange has its slot to itself until it moves the turn on.
const HEAD = 32;
/** A turn lies at the head of its slot's cache line. */
const TURN_BYTES = 8;

/** Shared memory for `capacity` messages, a power of two, of at most `size` bytes. */
export function makeMpmc(capacity, size) {
  const stride = (TURN_BYTES + size + 63) & ~63;
  const bytes = new SharedArrayBuffer(capacity * stride);
  const words = new Int32Array(bytes);
  for (let place = 0; place < capacity; place++) words[(place * stride) >> 2] = place;
  return { capacity, size, stride, indexes: new SharedArrayBuffer(HEAD * 8), bytes };
}

export class Mpmc {
  constructor({ capacity, size, stride, indexes, bytes }) {
    this.capacity = capacity;
    this.mask = capacity - 1;
    this.words = new Int32Array(bytes);
    this.step = stride >> 2;
    this.indexes = new Int32Array(indexes);
    this.slots = Array.from(
      { length: capacity },
      (_, slot) => new Uint8Array(bytes, slot * stride + TURN_BYTES, size),
    );
  }

  push(message) {
    for (;;) {
      const place = Atomics.load(this.indexes, 0);
      const slot = place & this.mask;
      const late = (Atomics.load(this.words, slot * this.step) - place) | 0;
      if (late < 0) return false;
      if (late > 0 || Atomics.compareExchange(this.indexes, 0, place, (place + 1) | 0) !== place) continue;
      this.slots[slot].set(message);
      this.words[slot * this.step + 1] = message.length;
      Atomics.store(this.words, slot * this.step, (place + 1) | 0);
      return true;
    }
  }

  /** Copies the next message into `target`: its length, or -1. */
  popInto(target) {
    const place = this.#claim();
    if (place === undefined) return -1;
    const bytes = this.#bytes(place);
    target.set(bytes);
    this.#release(place);
    return bytes.length;
  }

  /** The next message in memory of its own, or undefined. */
  pop() {
    const place = this.#claim();
    if (place === undefined) return undefined;
    const bytes = this.#bytes(place).slice();
    this.#release(place);
    return bytes;
  }

  /** The place of a message that is this receiver's now; its slot is written again only after `#release`. */
  #claim() {
    for (;;) {
      const place = Atomics.load(this.indexes, HEAD);
      const late = (Atomics.load(this.words, (place & this.mask) * this.step) - place - 1) | 0;
      if (late < 0) return undefined;
      if (late === 0 && Atomics.compareExchange(this.indexes, HEAD, place, (place + 1) | 0) === place)
        return place;
    }
  }

  #bytes(place) {
    const slot = place & this.mask;
    const bytes = this.slots[slot];
    const length = this.words[slot * this.step + 1];
    return length === bytes.length ? bytes : bytes.subarray(0, length);
  }

  #release(place) {
    Atomics.store(this.words, (place & this.mask) * this.step, (place + this.capacity) | 0);
  }
}
