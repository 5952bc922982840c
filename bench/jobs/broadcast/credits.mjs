// How far the slowest of several receivers is, counted in shared memory: neither a port nor a BroadcastChannel refuses.

export class Credits {
  #sent = 0;

  constructor(taken, window) {
    this.taken = taken;
    this.window = window;
  }

  /** Sender: sleeps while any receiver is a window behind, then counts a message. */
  spend() {
    for (let index = 0; index < this.taken.length; index++) {
      for (let taken = Atomics.load(this.taken, index); this.#sent - taken >= this.window;) {
        Atomics.wait(this.taken, index, taken);
        taken = Atomics.load(this.taken, index);
      }
    }
    this.#sent += 1;
  }

  /** Receiver `index`: one more was taken; it rings twice a window. */
  give(index) {
    const taken = Atomics.add(this.taken, index, 1) + 1;
    if (taken % Math.max(1, this.window >>> 1) === 0) Atomics.notify(this.taken, index);
  }
}

export function counters(receivers) {
  return new Int32Array(new SharedArrayBuffer(4 * receivers));
}
