// What each player is doing, in memory that the watchdog reads while it is blocked.

const players = 3;
/** Of each player, and of each channel, so many numbers. */
const width = 32;
/** A player's numbers; the masks say which channels, by their numbers. */
const Field = { steps: 0, verb: 1, limit: 2, receives: 3, sends: 4, drains: 5, calls: 6, holds: 7, marks: 8 };
/** A channel's. */
const Kept = { begun: 0, done: 1, packed: 2 };
const verbs = [
  '',
  'close',
  'clone',
  'end',
  'cancel',
  'fail',
  'try',
  'set',
  'write',
  'subscribe',
  'reply',
  'sendSync',
  'sendManySync',
  'sendRef.sendSync',
  'batch.flushSync',
  'drainedSync',
  'recvSync',
  'recvManySync',
  'recvIntoSync',
  'recvRefSync',
  'iterSync',
  'forwardSync',
  'changedSync',
  'callSync',
  'selectSync',
];
/** `limit` of a wait without a timeout. */
const endless = -1;

class Board {
  constructor(memory = new SharedArrayBuffer(4 * width * (players + 32))) {
    this.memory = memory;
    this.numbers = new Int32Array(memory);
  }

  get(player, field) {
    return Atomics.load(this.numbers, player * width + field);
  }

  put(player, field, value) {
    Atomics.store(this.numbers, player * width + field, value);
  }

  /** What is kept of a channel. */
  of(channel, kept) {
    return Atomics.load(this.numbers, (players + channel) * width + kept);
  }

  add(channel, kept) {
    Atomics.add(this.numbers, (players + channel) * width + kept, 1);
  }

  /** A player begins a verb; `on`: the masks of the channels that it waits on. */
  enter(player, verb, limit, on = {}) {
    for (const name of ['receives', 'sends', 'drains', 'calls']) this.put(player, Field[name], on[name] ?? 0);
    // What is set from here on ends a wait for a change.
    for (const channel of channelsOf(on.receives ?? 0)) {
      this.put(player, Field.marks + channel, this.of(channel, Kept.begun));
    }
    this.put(player, Field.limit, limit);
    this.put(player, Field.verb, verbs.indexOf(verb));
    Atomics.add(this.numbers, player * width + Field.steps, 1);
  }

  leave(player) {
    this.put(player, Field.verb, 0);
    Atomics.add(this.numbers, player * width + Field.steps, 1);
  }

  /** A game begins: nothing is done yet. */
  clear() {
    const steps = Array.from({ length: players }, (_, player) => this.get(player, Field.steps));
    this.numbers.fill(0);
    for (const [player, count] of steps.entries()) this.put(player, Field.steps, count);
  }

  /** A player as the watchdog sees it. */
  look(player) {
    const mask = (name) => channelsOf(this.get(player, Field[name]));
    const receives = mask('receives');
    return {
      player,
      steps: this.get(player, Field.steps),
      verb: verbs[this.get(player, Field.verb)],
      limit: this.get(player, Field.limit),
      receives,
      sends: mask('sends'),
      drains: mask('drains'),
      calls: mask('calls'),
      holds: mask('holds'),
      // Set by others, the whole of it, since the wait began.
      missed: receives.filter(
        (channel) => this.of(channel, Kept.done) > this.get(player, Field.marks + channel),
      ),
    };
  }

  /** Whether packs are sent on a channel, which need room for all that is in them. */
  isPacked(channel) {
    return this.of(channel, Kept.packed) > 0;
  }
}

function channelsOf(mask) {
  return Array.from({ length: 32 }, (_, channel) => channel).filter((channel) => (mask >> channel) & 1);
}

module.exports = { Board, Field, Kept, endless, players };
