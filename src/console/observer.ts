/** What a console knows: every open channel with its figures, its rates, and since when it has stood still. */
import { type OpenChannel, Side, binding, flavorNames, statNames } from '../border/binding.js';

/** How long somebody waits on a channel on which nothing happens, before it is said to stand still; as tracing has it. */
const standstillMs = 5000;
/** Least time between two looks at who holds what, which cost more than figures. */
const endsEveryMs = 500;
/** How fast a rate follows: what is left of the last one after a second. */
const rateMemory = 0.3;

const stride = statNames.length + 1;
const placeOf = Object.fromEntries(statNames.map((name, index) => [name, index + 1])) as Record<
  (typeof statNames)[number],
  number
>;
/** What moves when messages do. */
const moving = [placeOf.sent, placeOf.received, placeOf.dropped, placeOf.skipped, placeOf.discarded];

/** What changes when ends come or go. */
const endPlaces = [placeOf.senders, placeOf.receivers, placeOf.tickets];

/** An end as the page shows it: its thread is -1 for a ticket. */
export interface SeenEnd {
  readonly side: 'sender' | 'receiver';
  readonly thread: number;
  readonly madeAt?: string;
}

/** A channel as it was at the last look. */
export class SeenChannel {
  label: string | undefined;
  ends: readonly SeenEnd[] = [];
  /** Its number, then its figures in the order of `statNames`. */
  row = new Float64Array(stride);
  /** Messages a second that came in, and that went out or were lost. */
  inRate = 0;
  outRate = 0;
  /** Since when somebody has waited and nothing happened, in milliseconds; `undefined` while that is not so. */
  stillSince: number | undefined;
  /** Which look changed it last. */
  changedAt = 0;

  constructor(readonly id: number) {}

  figure(name: keyof typeof placeOf): number {
    return this.row[placeOf[name]] as number;
  }

  get flavor(): string {
    return flavorNames[this.figure('flavor')] as string;
  }

  get isFull(): boolean {
    const capacity = this.figure('capacity');
    return capacity > 0 && this.figure('length') >= capacity;
  }

  /** Whether how long messages wait is kept. */
  get isTimed(): boolean {
    return this.figure('oldest') >= 0;
  }

  /** For how long it has stood still, in milliseconds; 0 while it does not. */
  stillFor(now: number): number {
    return this.stillSince === undefined ? 0 : now - this.stillSince;
  }

  isStalled(now: number): boolean {
    return this.stillFor(now) >= standstillMs;
  }

  /** Takes the row of a look over, which begins at `at` in `rows`. */
  update(rows: Float64Array, at: number, now: number, seconds: number, look: number): void {
    const before = this.row;
    const isNew = this.changedAt === 0;
    let differs = isNew;
    for (let place = 0; place < stride && !differs; place += 1) differs = rows[at + place] !== before[place];
    const isWaiting =
      (rows[at + placeOf.waitingSenders] as number) + (rows[at + placeOf.waitingReceivers] as number) > 0;
    // Most channels at most looks: nothing has happened, and nothing was about to.
    if (!differs && this.inRate === 0 && this.outRate === 0) {
      if (isWaiting) this.stillSince ??= now;
      return;
    }
    const row = rows.subarray(at, at + stride);
    const moved = moving.some((place) => row[place] !== before[place]);
    this.#follow(row, isNew ? 0 : seconds);
    if (!isWaiting || moved) this.stillSince = isWaiting ? now : undefined;
    else this.stillSince ??= now;
    if (differs) {
      before.set(row);
      this.changedAt = look;
    }
  }

  #follow(row: Float64Array, seconds: number): void {
    if (seconds <= 0) return;
    const kept = rateMemory ** seconds;
    const since = (place: number) => ((row[place] as number) - (this.row[place] as number)) / seconds;
    const [sent, ...gone] = moving;
    const out = gone.reduce((sum, place) => sum + since(place), 0);
    this.inRate = settle(this.inRate * kept + since(sent as number) * (1 - kept));
    this.outRate = settle(this.outRate * kept + out * (1 - kept));
  }
}

/** A rate that has all but gone is gone. */
function settle(rate: number): number {
  return rate < 0.05 ? 0 : rate;
}

export class Observer {
  readonly channels = new Map<number, SeenChannel>();
  /** Counts looks. */
  looks = 0;
  /** When the last look was, as `performance.now()` counts. */
  at = 0;
  #rows = new Float64Array(64 * stride);
  #endsAt = -Infinity;
  /** Ends came or went since they were looked at. */
  #endsDue = false;

  /** Looks at every channel. */
  look(now = performance.now()): void {
    const seconds = (now - this.at) / 1000;
    this.at = now;
    this.looks += 1;
    const count = this.#survey();
    const open = new Set<number>();
    for (let at = 0; at < count * stride; at += stride) {
      const rows = this.#rows;
      const id = rows[at] as number;
      open.add(id);
      let channel = this.channels.get(id);
      if (channel === undefined) this.channels.set(id, (channel = new SeenChannel(id)));
      const { row } = channel;
      for (const place of endPlaces) this.#endsDue ||= row[place] !== rows[at + place];
      channel.update(rows, at, now, seconds, this.looks);
    }
    if (open.size < this.channels.size) {
      for (const id of this.channels.keys()) if (!open.has(id)) this.channels.delete(id);
    }
    if (this.#endsDue && now - this.#endsAt >= endsEveryMs) this.lookAtEnds(now);
  }

  /** Looks at who holds the ends, and what channels are called. */
  lookAtEnds(now = performance.now()): void {
    this.#endsAt = now;
    this.#endsDue = false;
    for (const [label, , ends, id] of binding.inspect()) {
      const channel = this.channels.get(id);
      if (channel === undefined) continue;
      channel.label = label;
      channel.ends = ends.map(seenEnd);
      channel.changedAt = this.looks;
    }
  }

  #survey(): number {
    for (;;) {
      const { buffer, byteLength } = this.#rows;
      const count = binding.survey(new Uint8Array(buffer, 0, byteLength));
      if (count * stride <= this.#rows.length) return count;
      this.#rows = new Float64Array(count * 2 * stride);
    }
  }
}

function seenEnd([side, thread, madeAt]: OpenChannel[2][number]): SeenEnd {
  return {
    side: side === Side.sender ? 'sender' : 'receiver',
    thread,
    ...(madeAt === undefined ? {} : { madeAt }),
  };
}
