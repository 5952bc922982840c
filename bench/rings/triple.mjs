// A triple buffer in shared memory for one writer and one reader, who exchange slots through one atomic word.
//
//   the word   | slot that is neither's, with FRESH set when it holds a value that nobody has read
const FRESH = 4;
const SLOT = 3;

export function makeTriple(size) {
  const stride = (size + 63) & ~63;
  const word = new SharedArrayBuffer(4);
  new Int32Array(word)[0] = 2;
  return { word, size, stride, bytes: new SharedArrayBuffer(stride * 3) };
}

/** One side: the writer begins with slot 0, the reader with slot 1. */
export class Triple {
  constructor({ word, size, stride, bytes }, slot) {
    this.word = new Int32Array(word);
    this.slots = [0, 1, 2].map((slot) => new Uint8Array(bytes, slot * stride, size));
    this.slot = slot;
  }

  get buffer() {
    return this.slots[this.slot];
  }

  /** Writer: true when it replaced a value that nobody read. */
  publish() {
    const before = Atomics.exchange(this.word, 0, this.slot | FRESH);
    this.slot = before & SLOT;
    return (before & FRESH) !== 0;
  }

  /** Reader: true when there was a newer value. */
  update() {
    if ((Atomics.load(this.word, 0) & FRESH) === 0) return false;
    this.slot = Atomics.exchange(this.word, 0, this.slot) & SLOT;
    return true;
  }
}
