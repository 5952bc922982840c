/** The open block of a batch: messages one behind the other, each at the next multiple of 8, as native code copies them. */
import { staging } from '../border/binding.js';
import type { WireCodec } from '../codecs/codec.js';
import { after } from '../ends/receiving/receive-memory.js';
import type { Encoded } from '../ends/sending/send-one.js';

/** The first bytes of the staging array, by how many: made once, so that adding a message makes none. */
const staged: Uint8Array[] = [];

export class Block {
  readonly bytes: Uint8Array;
  readonly lengths: Uint32Array;
  count = 0;
  /** Where the next message begins. */
  #end = 0;
  readonly #size: number;

  /** Room for `most` messages that take up to `bytes` bytes; throws a `RangeError` where there is no memory. */
  constructor(bytes: number, most: number) {
    this.bytes = new Uint8Array(new ArrayBuffer(bytes));
    this.#size = bytes;
    this.lengths = new Uint32Array(most);
  }

  get isFull(): boolean {
    return this.count === this.lengths.length;
  }

  fits(length: number): boolean {
    return this.count < this.lengths.length && this.#end + length <= this.#size;
  }

  /** Adds a message of `length` bytes, which fits. */
  add(encoded: Encoded, length: number): void {
    if (length > 0) {
      this.bytes.set(
        typeof encoded === 'number' ? (staged[encoded] ??= staging.subarray(0, encoded)) : encoded,
        this.#end,
      );
    }
    this.#added(length);
  }

  /** Encodes a value straight into the block. False: the codec cannot, or it may not fit. */
  write(value: unknown, codec: WireCodec, longest: number): boolean {
    if (codec.encodeInto === undefined || this.count === this.lengths.length) return false;
    const length = codec.encodeInto(value, this.bytes, this.#end, Math.min(longest, this.#size - this.#end));
    if (length >= 0) this.#added(length);
    return length >= 0;
  }

  /** Takes out the first `count` messages. */
  drop(count: number): void {
    let start = 0;
    for (let index = 0; index < count; index += 1) start = after(start, this.lengths[index] as number);
    this.bytes.copyWithin(0, start, this.#end);
    this.lengths.copyWithin(0, count, this.count);
    this.#end -= start;
    this.count -= count;
  }

  clear(): void {
    this.count = 0;
    this.#end = 0;
  }

  #added(length: number): void {
    this.lengths[this.count] = length;
    this.count += 1;
    this.#end = after(this.#end, length);
  }
}
