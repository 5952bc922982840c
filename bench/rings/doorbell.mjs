// Waiting in an event loop for what another thread does to shared memory: an empty message wakes whoever said that it sleeps.
const ASLEEP = 0;

/** Both sides' bells; each place of a flag in shared memory says whether somebody sleeps for it. */
export class Doorbell {
  #woken = () => undefined;

  constructor(port) {
    this.port = port;
    port?.on('message', () => this.#woken());
    port?.unref();
  }

  /** Something has changed: wakes whoever sleeps for it. */
  ring(flag) {
    if (Atomics.load(flag, ASLEEP) === 1 && Atomics.exchange(flag, ASLEEP, 0) === 1) this.port.postMessage(0);
  }

  /** Until `ready()`: polls for some turns of the loop, then sleeps until rung. */
  async until(flag, turns, ready) {
    for (let turn = 0; turn < turns; turn++) {
      if (ready()) return;
      await new Promise((resolve) => setImmediate(resolve));
    }
    while (!ready()) {
      const woken = new Promise((resolve) => (this.#woken = resolve));
      Atomics.store(flag, ASLEEP, 1);
      if (ready() && Atomics.exchange(flag, ASLEEP, 0) === 1) return;
      await woken;
    }
  }
}
