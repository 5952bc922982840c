/**
 * Turns of this thread's event loop: settled waits are told here, at most 256 awaited results a turn, so
 * that a full channel starves neither timers nor I/O.
 *
 * ```text
 *   bell (something settled) ----------> drain ---> the wait's promise
 *   immediate: a new turn, a new budget ---^   \--> budget spent: the next immediate goes on
 *        ^-- asked for when the budget is spent, and while polling
 * ```
 * A promise settled here wakes code that asks for the next result at once, in the same turn: that is why
 * results that were ready without waiting count as well.
 */
import { clearTimeout, setImmediate, setTimeout } from 'node:timers';

import { binding, onBell, outcome } from '../border/binding.js';
import { tellClosed } from '../observe/diagnostics.js';
import { scratch } from '../ends/receive-memory.js';
import { Polling } from './polling.js';
import type { WaitOwner } from './wait-owner.js';

/** PendingWait results that are settled per turn. */
const perTurn = 256;

let settledThisTurn = 0;
let nextTurn: NodeJS.Immediate | undefined;
/** Wakes a loop that only unref'd immediates would leave asleep. */
let waker: NodeJS.Timeout | undefined;
/** Pending results that keep the event loop alive. */
let held = 0;
let pollingNow = false;
const polling = new Polling();
const waits = new Map<number, Settled>();
const owed: Owed[] = [];
/** How many at the head of `owed` are paid; they are taken out in bulk. */
let paid = 0;
const compactAt = 16_384;

/** Who is told what a native wait has come to: `result` and `length` are what `nextSettled` left in `outcome`. */
interface Settled {
  settle(result: number, length: number): void;
}

/** A result that is known and has to wait for its turn. */
interface Owed {
  readonly owner: WaitOwner;
  readonly pay: () => void;
}

/** Whether one more awaited result may be settled in this turn. */
export function hasBudget(): boolean {
  return settledThisTurn < perTurn;
}

/** Counts a result that was ready without waiting. */
export function countReady(): void {
  polling.readySince = true;
  settledThisTurn += 1;
  if (settledThisTurn >= perTurn) askForTurn();
}

/** A promise of `value` for a later turn, in call order; the budget of this one is spent. */
export function owe<T>(owner: WaitOwner, value: T): Promise<T> {
  return new Promise((resolve) => {
    owed.push({ owner, pay: () => resolve(value) });
    owner.owed += 1;
    if (owner.refed) hold(1);
  });
}

/** A native wait has begun: its result comes by `nextSettled`. `poll`: microseconds to look for it, -1 for adaptive. */
export function register(wait: number, settled: Settled, poll: number): void {
  waits.set(wait, settled);
  if (pollingNow || poll === 0 || !polling.begins(poll, performance.now())) return;
  pollingNow = true;
  binding.setPolling(true);
  askForTurn();
}

/** A native wait is over. */
export function forget(wait: number): void {
  waits.delete(wait);
}

/** Changes how many pending results keep the event loop alive. */
export function hold(change: number): void {
  const before = held;
  held += change;
  if (before === 0 && held > 0) {
    binding.refBell(true);
    nextTurn?.ref();
  } else if (before > 0 && held === 0) {
    binding.refBell(false);
    // While polling, the next turn sees for itself that nobody wants it any more.
    if (nextTurn !== undefined && !pollingNow) letLoopEnd(nextTurn);
  }
}

function ring(): void {
  tellClosed();
  if (drain() > 0) polling.rang(performance.now());
}

function turn(): void {
  nextTurn = undefined;
  if (waker !== undefined) {
    clearTimeout(waker);
    waker = undefined;
  }
  settledThisTurn = 0;
  payOwed();
  if (pollingNow) poll();
  else drain();
}

function poll(): void {
  const wanted = held > 0;
  const now = performance.now();
  const arrived = drain() > 0;
  if (arrived) polling.arrived(now);
  if (wanted && (arrived || polling.goesOn(now))) {
    nextTurn ??= setImmediate(turn);
    return;
  }
  pollingNow = false;
  if (binding.setPolling(false)) drain();
}

/** Tells settled waits until none is left or the budget is spent; how many. */
function drain(): number {
  const before = settledThisTurn;
  while (settledThisTurn < perTurn) {
    const id = binding.nextSettled(scratch, 0);
    if (id < 0) return settledThisTurn - before;
    settledThisTurn += 1;
    waits.get(id)?.settle(outcome[0] as number, outcome[1] as number);
  }
  askForTurn();
  return settledThisTurn - before;
}

function payOwed(): void {
  while (settledThisTurn < perTurn && paid < owed.length) {
    const { owner, pay } = owed[paid] as Owed;
    paid += 1;
    settledThisTurn += 1;
    owner.owed -= 1;
    if (owner.refed) hold(-1);
    pay();
  }
  if (paid === owed.length || paid > compactAt) {
    owed.splice(0, paid);
    paid = 0;
  }
}

function askForTurn(): void {
  if (nextTurn !== undefined) return;
  nextTurn = setImmediate(turn);
  if (held === 0) letLoopEnd(nextTurn);
}

/** A turn that is not worth keeping the loop alive for, but comes soon if something else does. */
function letLoopEnd(immediate: NodeJS.Immediate): void {
  immediate.unref();
  waker ??= setTimeout(() => {}, 1).unref();
}

onBell(ring);
