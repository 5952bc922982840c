// What comes back in any order, taken in order.

export class InOrder {
  #early = new Map();
  #next = 0;

  constructor(take) {
    this.take = take;
  }

  /** How many have been taken. */
  get taken() {
    return this.#next;
  }

  add(number, item) {
    this.#early.set(number, item);
    while (this.#early.has(this.#next)) {
      this.take(this.#next, this.#early.get(this.#next));
      this.#early.delete(this.#next);
      this.#next += 1;
    }
  }
}
