// Sleeping on a ring that is full or empty: an event counter a side, rung only while somebody sleeps on it.
//
//   events    | how often this side was rung | how many sleep on it
const SLEEPERS = 1;

export function makeSleep() {
  return new SharedArrayBuffer(256);
}

/** One side's bell: 0 is rung when there is a message, 1 when there is room. */
export class Sleep {
  constructor(memory, side) {
    this.events = new Int32Array(memory, side * 128, 2);
  }

  /** Something has changed for whoever sleeps here. */
  ring() {
    if (Atomics.load(this.events, SLEEPERS) === 0) return;
    Atomics.add(this.events, 0, 1);
    Atomics.notify(this.events, 0, 1);
  }

  /** Tries until it succeeds: `tries` times awake, then asleep until rung. What `attempt` answers, which is not `nothing`. */
  until(nothing, tries, attempt) {
    for (let count = 0; count <= tries; count++) {
      const found = attempt();
      if (found !== nothing) return found;
    }
    Atomics.add(this.events, SLEEPERS, 1);
    for (;;) {
      const seen = Atomics.load(this.events, 0);
      const found = attempt();
      if (found !== nothing) {
        Atomics.sub(this.events, SLEEPERS, 1);
        return found;
      }
      Atomics.wait(this.events, 0, seen);
    }
  }
}
