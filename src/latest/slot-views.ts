/**
 * The slots of a triple buffer as this thread sees them: one `ArrayBuffer` a slot on its native memory, made
 * when first asked for. It keeps that memory alive, whatever becomes of the handle. Where the runtime forbids
 * external memory there are none, and the ends copy instead.
 */
import { Code, binding } from '../border/binding.js';
import { lengthOf } from '../border/bytes.js';
import { copies } from '../border/external-memory.js';
import { failure } from '../border/native-errors.js';

export class SlotViews {
  readonly #views: Uint8Array[] = [];
  #forbidden = copies;

  constructor(private readonly handle: number) {}

  /** The first `length` bytes of `slot`, which the handle has now; `undefined` where it is forbidden. */
  view(slot: number, length: number): Uint8Array | undefined {
    if (this.#forbidden) return undefined;
    const known = this.#views[slot];
    if (known !== undefined) {
      if (lengthOf(known) === length) return known;
      // Without memory: the caller has moved it away, so this slot gets another view of the same bytes.
      if (known.buffer.byteLength > 0) return (this.#views[slot] = new Uint8Array(known.buffer, 0, length));
    }
    const made = binding.slotBuffer(this.handle);
    if (made === Code.nothing) {
      this.#forbidden = true;
      return undefined;
    }
    if (typeof made === 'number') throw failure(made);
    return (this.#views[slot] = new Uint8Array(made, 0, length));
  }
}
