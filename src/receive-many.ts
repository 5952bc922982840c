/**
 * Many messages in one crossing: native code copies them one behind the other, then they are decoded. Where one
 * cannot be, the answer ends before it, and it goes back to be the next one, with those behind it.
 */
import { Code, binding, outcome } from './binding.js';
import { type Intake, after, heldMessage, longestCopied } from './intake.js';
import type { Lease } from './lease.js';
import { OneMessage, type Taking } from './receive.js';

/** The most messages of one crossing. */
const mostAtOnce = 4096;
/** Where native code says how long they are; absent while in use, because decoding may receive too. */
let spareLengths: Uint32Array | undefined;

/** Adds up to `max` messages that are there to `into`. The answer: how many are in `into`, or a code when none is. `passing`: even before those who wait. */
export function takeMany(
  lease: Lease,
  intake: Intake,
  max: number,
  passing: boolean,
  into: unknown[],
): number {
  const lengths = spareLengths ?? new Uint32Array(mostAtOnce);
  spareLengths = undefined;
  try {
    for (let goesOn = true; goesOn && into.length < max;) {
      intake.ready();
      const { memory, offset } = intake;
      const most = Math.min(max - into.length, mostAtOnce);
      const count = binding.tryRecvMany(lease.handle, memory, offset, lengths, most, passing);
      if (count < 0) return into.length > 0 ? into.length : count;
      const held = outcome[0] as number;
      const bytes = bytesOf(lengths, count);
      // There may be more: these were all for which there was room.
      goesOn = held >= 0 || count === mostAtOnce || memory.length - offset - bytes < longestCopied;
      goesOn = decode(lease, intake, { lengths, count, bytes, held }, into) && goesOn;
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
    private readonly lease: Lease,
    private readonly intake: Intake,
    private readonly max: number,
  ) {
    this.#one = new OneMessage(lease, intake);
  }

  ask(inLine: boolean): number {
    if (!inLine) {
      const there: unknown[] = [];
      const answer = takeMany(this.lease, this.intake, this.max, false, there);
      this.#there = there;
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
    if (this.lease.waits.size === 0) takeMany(this.lease, this.intake, this.max, false, taken);
    return taken;
  }

  nothing(): unknown[] {
    return [];
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
function decode(lease: Lease, intake: Intake, brought: Brought, into: unknown[]): boolean {
  const { lengths, count } = brought;
  const kept = intake.keep(brought.bytes);
  const { memory, offset } = kept;
  const last = fetchHeld(brought, into);
  let at = offset;
  let index = 0;
  try {
    if (intake.readAll?.(kept, lengths, count, into) === true) index = count;
    for (; index < count; index += 1) {
      const length = lengths[index] as number;
      into.push(intake.read(memory, at, length));
      at = after(at, length);
    }
    if (last !== undefined) into.push(lease.traits.codec.read(last, 0, last.length));
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
    for (const message of rest.reverse()) binding.giveBack(lease.handle, message);
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
