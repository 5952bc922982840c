/** What a console knows: every open channel, as it was at the last look. */
import { type OpenChannel, Side, binding } from '../border/binding.js';
import { surveyedLength } from './row.js';
import { SeenChannel, type SeenEnd } from './seen-channel.js';

/** Least time between two looks at who holds what, which cost more than figures. */
const endsEveryMs = 500;
/** How fast a rate follows: what is left of the last one after a second. */
const rateMemory = 0.3;
const length = surveyedLength;

export class Observer {
  /** In the order in which a look answers them. */
  channels: ReadonlyMap<number, SeenChannel> = new Map();
  /** When the last look was, as `performance.now()` counts. */
  at = 0;
  /** Channels that look different or are gone since somebody asked, while `isAsked`. */
  readonly changed = new Set<SeenChannel>();
  gone: number[] = [];
  private isAsked = false;
  #list: readonly SeenChannel[] = [];
  /** What a look answers, and what the one before did, a row for each of the list. */
  #rows = new Float64Array(64 * surveyedLength);
  #before = new Float64Array(64 * surveyedLength);
  #endsAt = -Infinity;
  /** Which of the list have a rate, and change although no figure does. */
  #moves = new Uint8Array(64);
  /** Ends came or went since they were looked at. */
  #endsDue = false;

  /** Looks at every channel. */
  look(now = performance.now()): void {
    const seconds = (now - this.at) / 1000;
    const kept = rateMemory ** seconds;
    this.at = now;
    this.#match(this.#survey());
    const [rows, before, list, moves] = [this.#rows, this.#before, this.#list, this.#moves];
    for (let index = 0, at = 0; index < list.length; index += 1, at += length) {
      const places = differing(rows, before, at);
      // Most channels at most looks.
      if (places === 0 && moves[index] === 0) continue;
      const channel = list[index] as SeenChannel;
      if (channel.update(rows, at, places, now, seconds, kept)) this.#endsDue = true;
      moves[index] = channel.isMoving ? 1 : 0;
      if (this.isAsked) this.changed.add(channel);
    }
    this.#rows = before;
    this.#before = rows;
    if (this.#endsDue && now - this.#endsAt >= endsEveryMs) this.lookAtEnds(now);
  }

  /** Looks at who holds the ends, and what channels are called. */
  lookAtEnds(now = performance.now()): void {
    this.#endsAt = now;
    this.#endsDue = false;
    for (const [label, , ends, id] of binding.inspect()) {
      const channel = this.channels.get(id);
      if (channel?.name(label, ends.map(seenEnd)) === true && this.isAsked) this.changed.add(channel);
    }
  }

  /** Begins to keep what changes, or ends it. */
  keep(isAsked: boolean): void {
    this.isAsked = isAsked;
    if (isAsked) return;
    this.changed.clear();
    this.gone = [];
  }

  #survey(): number {
    for (;;) {
      const { buffer, byteLength } = this.#rows;
      const count = binding.survey(new Uint8Array(buffer, 0, byteLength));
      if (count * surveyedLength <= this.#rows.length) return count;
      this.#rows = new Float64Array(count * 2 * surveyedLength);
    }
  }

  /** Has the channels be those of the rows: mostly they are. */
  #match(count: number): void {
    const idAt = (index: number) => this.#rows[index * surveyedLength] as number;
    const before = this.#list;
    if (before.length === count && before.every(({ id }, index) => id === idAt(index))) return;
    const known = this.channels;
    this.#list = Array.from({ length: count }, (_, index) => {
      const id = idAt(index);
      return known.get(id) ?? new SeenChannel(id);
    });
    this.channels = new Map(this.#list.map((channel) => [channel.id, channel]));
    this.#before = new Float64Array(this.#rows.length);
    // Each of them is looked at whole.
    this.#moves = new Uint8Array(count).fill(1);
    for (const [index, { row }] of this.#list.entries()) {
      this.#before.set(row.subarray(0, surveyedLength), index * surveyedLength);
    }
    for (const channel of before) {
      if (this.channels.has(channel.id)) continue;
      this.changed.delete(channel);
      if (this.isAsked) this.gone.push(channel.id);
    }
  }
}

/** Which places differ in the rows that begin at `at`. */
function differing(rows: Float64Array, before: Float64Array, at: number): number {
  let places = 0;
  for (let place = 1; place < length; place += 1) {
    if (rows[at + place] !== before[at + place]) places |= 1 << (place - 1);
  }
  return places;
}

function seenEnd([side, thread, madeAt]: OpenChannel[2][number]): SeenEnd {
  return {
    side: side === Side.sender ? 'sender' : 'receiver',
    thread,
    ...(madeAt === undefined ? {} : { madeAt }),
  };
}
