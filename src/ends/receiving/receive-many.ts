/**
 * Many messages in one crossing: native code copies them one behind the other, then they are decoded. Where one
 * cannot be, the answer ends before it, and it goes back to be the next one, with those behind it.
 */
import { Code, binding, longestCopied, outcome } from '../../border/binding.js';
import { type ReceiveMemory, after, heldMessage } from './receive-memory.js';
import type { EndState } from '../end-state.js';
import { OneMessage, type Taking } from './receive-one.js';
import { timeNow } from '../../event-loop/runtime.js';
import { countMore } from '../../event-loop/turns.js';

/** The most messages of one crossing. */
const mostAtOnce = 4096;
/** Milliseconds that an awaited result of many messages may take to be made: timers and I/O wait for it. */
const longest = 10;
/** Where native code says how long they are; absent while in use, because decoding may receive too. */
let spareLengths: Uint32Array | undefined;

/** Adds up to `max` messages that are there to `into`. The answer: how many are in `into`, or a code when none is. `passing`: even before those who wait. `until`: when to take no more, by `timeNow`. */
export function takeMany(
  state: EndState,
  buffers: ReceiveMemory,
  max: number,
  passing: boolean,
  into: unknown[],
  until = Infinity,
): number {
  const lengths = spareLengths ?? new Uint32Array(mostAtOnce);
  spareLengths = undefined;
  try {
    for (let goesOn = true; goesOn && into.length < max;) {
      buffers.ready();
      const { memory, offset } = buffers;
      const most = Math.min(max - into.length, mostAtOnce);
      const count = binding.tryRecvMany(state.handle, memory, offset, lengths, most, passing);
      if (count < 0) return into.length > 0 ? into.length : count;
      const held = outcome[0] as number;
      const bytes = bytesOf(lengths, count);
      // There may be more: these were all for which there was room.
      goesOn = held >= 0 || count === mostAtOnce || memory.length - offset - bytes < longestCopied;
      goesOn = decode(state, buffers, { lengths, count, bytes, held }, into) && goesOn;
      if (until !== Infinity && timeNow() >= until) return into.length;
    }
    return into.length;
  } finally {
    spareLengths = lengths;
  }
}

/** Several messages: waits for one, then takes what is there. */
export class ManyMessages implements Taking {
  readonly #one: Taking;
  #there: unknown[] = [];

  constructor(
    private readonly state: EndState,
    private readonly buffers: ReceiveMemory,
    private readonly max: number,
  ) {
    this.#one = new OneMessage(state, buffers);
  }

  get verb(): string {
    return 'recvMany';
  }

  ask(inLine: boolean): number {
    if (!inLine) {
      const there: unknown[] = [];
      const answer = this.#takeMore(there);
      this.#there = there;
      countMore(there.length);
      if (answer !== Code.nothing) return answer;
    }
    return this.#one.ask(true);
  }

  take(): unknown[] {
    const there = this.#there;
    this.#there = [];
    return there;
  }

  takeSettled(result: number, length: number): unknown[] {
    const taken = [this.#one.takeSettled(result, length)];
    // What is there now is of later waits of this handle, if there are any.
    if (this.state.waits.size === 0) this.#takeMore(taken);
    countMore(taken.length - 1);
    return taken;
  }

  nothing(): unknown[] {
    return [];
  }

  #takeMore(into: unknown[]): number {
    return takeMany(this.state, this.buffers, this.max, false, into, timeNow() + longest);
  }
}

/** What one crossing brought. */
interface Brought {
  readonly lengths: Uint32Array;
  readonly count: number;
  readonly bytes: number;
  /** The length of one more, which native code holds, or -1. */
  readonly held: number;
}

function bytesOf(lengths: Uint32Array, count: number): number {
  let bytes = 0;
  for (let index = 0; index < count; index += 1) bytes = after(bytes, lengths[index] as number);
  return bytes;
}

/** Adds the messages' values to `into`. False: one could not be decoded, and it and the rest have gone back. */
function decode(state: EndState, buffers: ReceiveMemory, brought: Brought, into: unknown[]): boolean {
  const { lengths, count } = brought;
  const kept = buffers.keep(brought.bytes);
  const { memory, offset } = kept;
  const last = fetchHeld(brought, into);
  let at = offset;
  let index = 0;
  try {
    if (buffers.readAll?.(kept, lengths, count, into) === true) index = count;
    for (; index < count; index += 1) {
      const length = lengths[index] as number;
      into.push(buffers.read(memory, at, length));
      at = after(at, length);
    }
    if (last !== undefined) into.push(state.traits.codec.read(last, 0, last.length));
    return true;
  } catch (error) {
    const first = into.length === 0;
    const rest: Uint8Array[] = [];
    for (; index < count; index += 1) {
      const length = lengths[index] as number;
      rest.push(new Uint8Array(memory.buffer, memory.byteOffset + at, length));
      at = after(at, length);
    }
    if (last !== undefined) rest.push(last);
    // The caller has the failing one with the error, if that is all that it gets.
    if (first) rest.shift();
    for (const message of rest.reverse()) binding.giveBack(state.handle, message);
    if (first) throw error;
    return false;
  }
}

/** The message that native code holds. Without memory for it, it is the next one, after those that came before. */
function fetchHeld({ held, count }: Brought, into: unknown[]): Uint8Array | undefined {
  if (held < 0) return undefined;
  try {
    return heldMessage(held);
  } catch (error) {
    if (count + into.length === 0) throw error;
    return undefined;
  }
}
