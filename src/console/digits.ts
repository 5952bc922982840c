/** Text in bytes, mostly numbers, written where it is sent from: a thousand channels are told of ten times a second. */

const [zero, minus, point, comma] = [0x30, 0x2d, 0x2e, 0x2c];
/** Room for any number, and what parts it from the next. */
const mostDigits = 32;
/** What is written in one go. */
const part = 1e9;

export class Digits {
  #bytes = Buffer.allocUnsafe(65_536);
  #length = 0;

  /** A copy of what was written; begins anew. */
  take(): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return taken;
  }

  text(text: string): void {
    // No character has more than three bytes.
    this.#reserve(text.length * 3);
    this.#length += this.#bytes.write(text, this.#length);
  }

  /** A number as JSON has it, to three places, and a comma; `null` for one that is not finite. */
  number(value: number): void {
    this.#reserve(mostDigits);
    const small = value | 0;
    if (small === value && small >= 0) this.#padded(small, lengthOf(small));
    else if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) this.#odd(value);
    else return this.text('null,');
    this.#bytes[this.#length++] = comma;
  }

  /** Takes the last comma back, if one is there. */
  close(text: string): void {
    if (this.#bytes[this.#length - 1] === comma) this.#length -= 1;
    this.text(text);
  }

  /** One below zero, beyond 2^31, or with a fraction. */
  #odd(value: number): void {
    if (value < 0) {
      this.#bytes[this.#length++] = minus;
      value = -value;
    }
    if (Number.isInteger(value)) return this.#whole(value);
    const thousandths = Math.round(value * 1000);
    this.#whole(Math.floor(thousandths / 1000));
    this.#bytes[this.#length++] = point;
    this.#padded(thousandths % 1000, 3);
  }

  #whole(value: number): void {
    if (value < part) return this.#padded(value | 0, lengthOf(value | 0));
    this.#whole(Math.floor(value / part));
    this.#padded((value % part) | 0, 9);
  }

  /** So many digits of a number below 2^31. */
  #padded(value: number, digits: number): void {
    const bytes = this.#bytes;
    const from = this.#length;
    const to = from + digits;
    for (let at = to - 1; at >= from; at -= 1) {
      const shorter = (value / 10) | 0;
      bytes[at] = zero + value - shorter * 10;
      value = shorter;
    }
    this.#length = to;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    this.#grow(bytes);
  }

  #grow(bytes: number): void {
    const more = Buffer.allocUnsafe((this.#length + bytes) * 2);
    this.#bytes.copy(more, 0, 0, this.#length);
    this.#bytes = more;
  }
}

/** How many digits a number below 2^31 has. */
function lengthOf(value: number): number {
  if (value < 10) return 1;
  if (value < 100) return 2;
  if (value < 1000) return 3;
  if (value < 10_000) return 4;
  if (value < 100_000) return 5;
  if (value < 1_000_000) return 6;
  if (value < 10_000_000) return 7;
  if (value < 100_000_000) return 8;
  return value < 1_000_000_000 ? 9 : 10;
}
