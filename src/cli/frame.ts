/** A job on its way to a worker: the chunk's index, then its bytes, one message; and memory to use for all of them. */

/** Bytes before the chunk. */
const INDEX_BYTES = 8;

/** Memory for one frame after the other. A send copies, so it can be filled again at once. */
export class Frame {
  /** The whole memory, for a receive to fill. */
  readonly memory: Uint8Array<ArrayBuffer>;
  /** The chunk's part of it. */
  readonly chunk: Uint8Array<ArrayBuffer>;
  readonly #head: DataView;

  constructor(chunkBytes: number) {
    this.memory = new Uint8Array(INDEX_BYTES + chunkBytes);
    this.chunk = this.memory.subarray(INDEX_BYTES);
    this.#head = new DataView(this.memory.buffer);
  }

  /** The message about chunk `index`, whose `length` bytes lie in `chunk`. */
  write(index: number, length: number): Uint8Array {
    this.#head.setUint32(0, index, true);
    return this.memory.subarray(0, INDEX_BYTES + length);
  }

  /** What a message of `length` bytes in `memory` says; the chunk is good until the next message. */
  read(length: number): { index: number; chunk: Uint8Array } {
    return { index: this.#head.getUint32(0, true), chunk: this.memory.subarray(INDEX_BYTES, length) };
  }
}
