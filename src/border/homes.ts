/**
 * The buffers that native memory is lent in.
 *
 * ```text
 *   homes[n], over the memory, never seen  --transfer-->  the buffer that is handed out, which native code counts as lent
 *      ^                                                     |
 *      '------------------------ transfer -------------------'  its views are detached by that
 * ```
 * Making an external `ArrayBuffer`, and finalizing it, takes some microseconds; moving its memory from one to another a
 * tenth of one. Where there is no `ArrayBuffer.prototype.transfer`, each loan has a buffer of its own, which native code
 * detaches. `crates/binding/src/memory/loans.rs` has the other half.
 */
import { isMainThread } from 'node:worker_threads';

import { binding, moves, outcome } from './binding.js';
import { setTimeout } from '../event-loop/runtime.js';
import { bufferLengthOf } from './bytes.js';

type Movable = ArrayBuffer & { transfer(): ArrayBuffer };

const call = Function.prototype.call;
const move = moves
  ? (call.bind((ArrayBuffer.prototype as Movable).transfer) as (from: ArrayBuffer) => ArrayBuffer)
  : undefined;

/** Threads that end before the process does have native code watch what they are lent. */
const watched = moves && !isMainThread;

/** Homes that have not been used for so long are given up, in milliseconds. */
const idle = 1000;

/** By their numbers; none where the memory is lent. */
const homes: (ArrayBuffer | undefined)[] = [];
let used = false;
let timer: NodeJS.Timeout | undefined;

/** Native memory that the caller has. */
export class Loan {
  constructor(
    private readonly home: number,
    readonly buffer: ArrayBuffer,
  ) {}

  /** Takes the memory from the caller: what it is in now, for native code to see, or `undefined` where the caller has moved it away. */
  recall(): ArrayBuffer | undefined {
    return move === undefined ? this.buffer : moveHome(this.home, this.buffer);
  }
}

/** The loan that a native call has made: it answers the number of a home, or a new buffer. */
export function lend(answer: number | ArrayBuffer): Loan {
  if (move === undefined) return new Loan(-1, answer as ArrayBuffer);
  used = true;
  timer ??= watchIdle();
  let home: number;
  let buffer: ArrayBuffer;
  if (typeof answer === 'number') {
    home = answer;
    buffer = move(homes[home] as ArrayBuffer);
    homes[home] = undefined;
  } else {
    home = outcome[0] as number;
    if (outcome[1] === 1) homes.length = 0;
    // The one that was made is for native code alone: at a thread's end Node detaches it, whoever has the memory.
    buffer = move(answer);
  }
  if (watched) binding.watchLoan(home, buffer);
  return new Loan(home, buffer);
}

/** What was sent is no longer the caller's: its buffer is detached, unless the caller did so before. `home`: the native answer. */
export function detachSent(buffer: ArrayBuffer, home: number): void {
  if (move !== undefined && home >= 0) moveHome(home, buffer);
}

/** Takes a buffer from the caller, whatever its memory is. */
export function giveUp(buffer: ArrayBuffer): void {
  detachSent(buffer, binding.giveUp(buffer));
}

function moveHome(home: number, buffer: ArrayBuffer): ArrayBuffer | undefined {
  if (bufferLengthOf(buffer) === 0) return undefined;
  try {
    timer ??= watchIdle();
    return (homes[home] = move!(buffer));
  } catch {
    // Marked as untransferable meanwhile, which from Node 24 on keeps everybody from moving it.
    return undefined;
  }
}

function watchIdle(): NodeJS.Timeout {
  return setTimeout(() => {
    timer = undefined;
    if (used) {
      used = false;
      timer = watchIdle();
      return;
    }
    homes.length = 0;
    binding.dropHomes();
  }, idle).unref();
}
