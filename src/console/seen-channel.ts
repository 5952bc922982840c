/** A channel as it was at the last look, how fast it goes, and since when it has stood still. */
import { flavorNames } from '../border/binding.js';
import { type ShownName, allPlaces, placeOf, placesOf, rowLength } from './row.js';

/** How long somebody waits on a channel on which nothing happens, before it is said to stand still; as tracing has it. */
export const standstillMs = 5000;

/** What moves when messages do, and what changes when ends come or go. */
const moving = placesOf('sent', 'received', 'dropped', 'skipped', 'discarded');
const ends = placesOf('senders', 'receivers', 'tickets');

const { sent, received, dropped, skipped, discarded, waitingSenders, waitingReceivers } = placeOf;
const { inRate, outRate, stillSince } = placeOf;

/** An end as the page shows it: its thread is -1 for a ticket. */
export interface SeenEnd {
  readonly side: 'sender' | 'receiver';
  readonly thread: number;
  readonly madeAt?: string;
}

export class SeenChannel {
  label: string | undefined;
  ends: readonly SeenEnd[] = [];
  /** Its label or its ends are other than those that pages were told of. */
  isRenamed = true;
  /** Which figures are, as a set of places. */
  changed = allPlaces;
  readonly row = new Float64Array(rowLength);
  #isNew = true;
  /** The rates before they are rounded. */
  #in = 0;
  #out = 0;

  constructor(readonly id: number) {
    this.row[0] = id;
    this.row[stillSince] = -1;
  }

  figure(name: ShownName): number {
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

  /** Whether its rates change although no figure does. */
  get isMoving(): boolean {
    return this.#in > 0 || this.#out > 0;
  }

  /** For how long it has stood still, in milliseconds; 0 while it does not. */
  stillFor(now: number): number {
    const since = this.figure('stillSince');
    return since < 0 ? 0 : now - since;
  }

  isStalled(now: number): boolean {
    return this.stillFor(now) >= standstillMs;
  }

  /**
   * Takes over what a look answered, which begins at `at` in `rows`, and of which these places have changed. `kept`: what
   * is left of a rate since the last look, `seconds` ago. Whether ends have come or gone.
   */
  update(
    rows: Float64Array,
    at: number,
    places: number,
    now: number,
    seconds: number,
    kept: number,
  ): boolean {
    const { row } = this;
    let changed = places;
    const isWaiting = (rows[at + waitingSenders] as number) + (rows[at + waitingReceivers] as number) > 0;
    if (!isWaiting) changed |= this.#show(stillSince, -1);
    else if ((places & moving) !== 0 || (row[stillSince] as number) < 0)
      changed |= this.#show(stillSince, now);
    if (this.#isNew) this.#isNew = false;
    else if ((places & moving) !== 0 || this.#in > 0 || this.#out > 0) {
      const since = (place: number) => (rows[at + place] as number) - (row[place] as number);
      const gone = since(received) + since(dropped) + since(skipped) + since(discarded);
      this.#in = follow(this.#in, since(sent), seconds, kept);
      this.#out = follow(this.#out, gone, seconds, kept);
      changed |= this.#show(inRate, round(this.#in)) | this.#show(outRate, round(this.#out));
    }
    for (let left = places; left !== 0; left &= left - 1) {
      const place = 32 - Math.clz32(left & -left);
      row[place] = rows[at + place] as number;
    }
    this.changed |= changed;
    return (places & ends) !== 0;
  }

  /** Takes over who holds what, and what it is called; whether that is new. */
  name(label: string | undefined, held: readonly SeenEnd[]): boolean {
    const isSame = ({ side, thread, madeAt }: SeenEnd, index: number) => {
      const before = this.ends[index];
      return before?.side === side && before.thread === thread && before.madeAt === madeAt;
    };
    if (label === this.label && held.length === this.ends.length && held.every(isSame)) return false;
    this.label = label;
    this.ends = held;
    this.isRenamed = true;
    return true;
  }

  /** Its place as a set, where it shows something else now. */
  #show(place: number, value: number): number {
    if (this.row[place] === value) return 0;
    this.row[place] = value;
    return 1 << (place - 1);
  }
}

/** A rate after so many more in so many seconds; one that has all but gone is gone. */
function follow(rate: number, more: number, seconds: number, kept: number): number {
  const followed = rate * kept + (seconds > 0 ? (more / seconds) * (1 - kept) : 0);
  return followed < 0.05 ? 0 : followed;
}

function round(rate: number): number {
  return Math.round(rate * 10) / 10;
}
