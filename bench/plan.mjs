// How long a run will take, and how much of that is left.

/** Seconds that a peer takes besides its repetitions: starting, warming up, and looking for its backoff. */
const PREPARATION = 0.5;
const SEARCH = 0.65;
const WORKER = 0.05;
/** Seconds of a cold round trip more than its gap. */
const COLD = 0.0003;
const MEMORY_RUN = 1;
/** Of a repetition that queues and receives a number of messages, however fast. */
const COUNTED_RUN = 1;

/** Of a part that nobody has timed. */
const UNKNOWN = 5;

/** Of a peer that has a process of its own, starting it. */
const PROCESS = 0.4;

/** The seconds that each part takes, about, by name. */
export function planOf(scenarios, { seconds, repetitions, samples, idle, extras }) {
  const parts = scenarios.map((scenario) => {
    const each =
      scenario.shape === 'ping-pong' || scenario.gap !== undefined
        ? Math.min(samples, scenario.most ?? Infinity) * ((scenario.gap ?? 0) / 1000 + COLD)
        : repetitions * (scenario.count === undefined ? seconds * 1.4 : COUNTED_RUN);
    const workers = (scenario.senders ?? 1) + (scenario.receivers ?? 1);
    const prepared = scenario.peers.map(
      ({ search }) =>
        PREPARATION +
        (scenario.warmUp ?? 0) +
        (search ? SEARCH : 0) +
        (scenario.apart ? PROCESS : 0) +
        workers * WORKER +
        each,
    );
    return [scenario.name, prepared.reduce((sum, part) => sum + part, 0)];
  });
  const further = {
    loading: repetitions * 0.6,
    steps: 12,
    latest: 2,
    scaling: repetitions,
    closing: 18,
    memory: 12 * MEMORY_RUN,
    'broadcast-memory': 3,
    idle: idle + 2,
    console: 20,
  };
  return new Map([...parts, ...extras.map((name) => [name, further[name] ?? UNKNOWN])]);
}

export class Clock {
  #began = performance.now();
  #planned = 0;

  constructor(plan) {
    this.plan = plan;
    this.left = [...plan.values()].reduce((sum, part) => sum + part, 0);
  }

  get seconds() {
    return (performance.now() - this.#began) / 1000;
  }

  /** A part is done. */
  done(name) {
    this.left -= this.plan.get(name);
    this.#planned += this.plan.get(name);
  }

  /** The time left in words, by the pace so far. */
  told() {
    const pace = this.#planned === 0 ? 1 : this.seconds / this.#planned;
    const left = Math.max(0, this.left * pace);
    return left < 60 ? `${Math.ceil(left)} s left` : `${Math.ceil(left / 60)} min left`;
  }
}
