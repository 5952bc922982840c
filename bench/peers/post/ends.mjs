// What the postMessage peers share: a port each, how they wait for messages, and how many may be under way.
//
// postMessage never refuses, so its sender counts: the receiver writes how many it has taken to shared memory,
// and the sender sleeps while `window` are under way. Nothing is posted back for it, and the receiver rings
// only twice a window, so this costs the peer next to nothing.
import { MessageChannel } from 'node:worker_threads';

export function open() {
  const { port1, port2 } = new MessageChannel();
  const taken = new Int32Array(new SharedArrayBuffer(4));
  return [port1, port2].map((port) => ({ ends: { port, taken }, transferList: [port] }));
}

/** Lets at most `window` messages be under way. */
export class Credit {
  #sent = 0;
  #received = 0;

  constructor(taken, window) {
    this.taken = taken;
    this.window = window;
    this.ringEvery = Math.max(1, window >>> 1);
  }

  /** Sender: sleeps while there is no room, then counts a message. */
  spend() {
    for (let taken = Atomics.load(this.taken, 0); this.#sent - taken >= this.window;) {
      Atomics.wait(this.taken, 0, taken);
      taken = Atomics.load(this.taken, 0);
    }
    this.#sent += 1;
  }

  /** Receiver: one more was taken. */
  give() {
    this.#received += 1;
    Atomics.store(this.taken, 0, this.#received);
    if (this.#received % this.ringEvery === 0) Atomics.notify(this.taken, 0);
  }
}

/** Calls `take(bytes, number)` for the next `count` messages of a port; resolves after the last. */
export function listen(port, count, take) {
  return new Promise((resolve, reject) => {
    let number = 0;
    const onMessage = (bytes) => {
      try {
        take(bytes, number);
      } catch (error) {
        port.off('message', onMessage);
        reject(error);
        return;
      }
      number += 1;
      if (number < count) return;
      port.off('message', onMessage);
      resolve();
    };
    port.on('message', onMessage);
  });
}
