/**
 * Turns of this thread's event loop: settled waits are told here, as many a turn as the budget allows, so that a
 * full channel starves neither timers nor I/O.
 *
 * ```text
 *   bell (something settled) ----------> drain ---> the wait's promise
 *   immediate: a new turn, a new budget ---^   \--> budget spent: the next immediate goes on
 *        ^-- asked for with the ninth result in a row, when the budget is spent, and while polling
 * ```
 * A promise settled here wakes code that asks for the next result at once, in the same turn: that is why
 * results that were ready without waiting count as well.
 */
import { Cell, Heard, binding, onBell, outcome } from '../border/binding.js';
import { tellClosed } from '../observe/diagnostics.js';
import { scratch } from '../ends/receiving/receive-memory.js';
import { Budget } from './budget.js';
import { tellAnswers } from '../calls/answers.js';
import { Polling } from './polling.js';
import { clearTimeout, setImmediate, setTimeout, timeNow } from './runtime.js';
import type { WaitOwner } from './wait-owner.js';

const budget = new Budget();
let nextTurn: NodeJS.Immediate | undefined;
/** Whether something waits for the next turn; else it only renews the budget, and nobody is kept awake for it. */
let isWanted = false;
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
/** How many waits are told before calls have their turn, and the other way round. */
const inTurn = 32;

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
  if (nextTurn === undefined) mayFollowTurn(timeNow());
  return !budget.isSpent;
}

/** Sees to it that the budget is renewed, where this turn's results are not counted to the next one's. */
function mayFollowTurn(now: number): void {
  if (!budget.joins(now)) nextTurn ??= setImmediate(turn).unref();
}

/** Counts a result of so many messages that was ready without waiting. */
export function countReady(messages = 1): void {
  polling.readySince = true;
  spend(messages);
}

/** Counts messages that came with a settled wait's own. */
export function countMore(messages: number): void {
  if (messages > 0) spend(messages);
}

/** A promise of `value` for a later turn, in call order; the budget of this one is spent. */
export function owe<T>(owner: WaitOwner, value: T): Promise<T> {
  return new Promise((resolve) => {
    owed.push({ owner, pay: () => resolve(value) });
    owner.owe(1);
  });
}

/** A native wait has begun: its result comes by `nextSettled`. `poll`: microseconds to look for it, -1 for adaptive. */
export function register(wait: number, settled: Settled, poll: number): void {
  waits.set(wait, settled);
  mayPoll(poll);
}

/** Begins to poll for a result, where that is worth it. */
export function mayPoll(poll: number): void {
  if (poll === 0) return;
  const now = timeNow();
  if (pollingNow) polling.goesOnSince(now);
  if (pollingNow || !polling.begins(poll, now)) return;
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
    keepLoop(true);
    if (isWanted) nextTurn?.ref();
  } else if (before > 0 && held === 0) {
    keepLoop(false);
    // While polling, the next turn sees for itself that nobody wants it any more.
    if (isWanted && !pollingNow) letLoopEnd();
  }
}

/** Whether the bell is to keep the event loop alive: by a call, unless somebody looks at the word soon. A wait that follows another in the same turn costs nothing so. */
function keepLoop(on: boolean): void {
  outcome[Cell.keepsLoop] = on ? 1 : 0;
  if (outcome[Cell.isRinging] === 0 && !pollingNow) binding.refBell(on);
}

function ring(): void {
  tellClosed();
  const now = timeNow();
  const ago = outcome[Cell.rungAgo] as number;
  const told = drain(now);
  if (told) polling.rang(now, ago);
  outcome[Cell.heard] = budget.isSpent ? Heard.enough : told ? Heard.something : Heard.nothing;
}

function turn(): void {
  const wanted = isWanted;
  nextTurn = undefined;
  isWanted = false;
  if (waker !== undefined) {
    clearTimeout(waker);
    waker = undefined;
  }
  budget.renew();
  if (!wanted) return;
  payOwed();
  if (pollingNow) poll();
  else drain(timeNow());
}

function poll(): void {
  const wanted = held > 0;
  const now = timeNow();
  const arrived = drain(now);
  if (arrived) polling.arrived(now);
  if (wanted && (arrived || polling.goesOn(now))) {
    askForTurn();
    return;
  }
  pollingNow = false;
  binding.refBell(held > 0);
  if (binding.setPolling(false)) drain(now);
}

/** Tells settled waits and answered calls, some of each in turn, until none is left or the budget is spent; whether any was told. */
function drain(now: number): boolean {
  let told = false;
  if (nextTurn === undefined) mayFollowTurn(now);
  while (!budget.isSpent) {
    const settled = tellWaits(inTurn);
    const answered = budget.isSpent ? 0 : tellCalls(inTurn);
    told ||= settled + answered > 0;
    if (settled < inTurn && answered === 0 && !budget.isSpent) return told;
  }
  askForTurn();
  return told;
}

/** Tells up to `most` calls of their answers; how many. */
function tellCalls(most: number): number {
  const count = tellAnswers(most);
  for (let told = 0; told < count; told += 1) spend(1);
  return count;
}

/** Tells up to `most` settled waits; how many. */
function tellWaits(most: number): number {
  let count = 0;
  while (count < most && !budget.isSpent) {
    const id = binding.nextSettled(scratch, 0);
    if (id < 0) break;
    const areMore = outcome[Cell.areMore] === 1;
    count += 1;
    spend(1);
    waits.get(id)?.settle(outcome[0] as number, outcome[1] as number);
    if (!areMore) break;
  }
  return count;
}

function payOwed(): void {
  while (!budget.isSpent && paid < owed.length) {
    const { owner, pay } = owed[paid] as Owed;
    paid += 1;
    spend(1);
    owner.owed -= 1;
    if (owner.refed) hold(-1);
    pay();
  }
  if (paid === owed.length || paid > compactAt) {
    owed.splice(0, paid);
    paid = 0;
  }
}

function spend(messages: number): void {
  budget.spend(messages);
  if (budget.isSpent) askForTurn();
}

function askForTurn(): void {
  if (isWanted) return;
  isWanted = true;
  nextTurn ??= setImmediate(turn);
  if (held > 0) nextTurn.ref();
  else letLoopEnd();
}

/** A turn that is not worth keeping the loop alive for, but comes soon if something else does. */
function letLoopEnd(): void {
  nextTurn?.unref();
  waker ??= setTimeout(wake, 1).unref();
}

/** Where the millisecond is over before the loop goes to sleep, it has woken nobody: so it is set until the turn has come. */
function wake(): void {
  waker = setTimeout(wake, 1).unref();
}

onBell(ring);
