/**
 * One select. Native code does its channels' cases; its timers are looked at here, and the earliest bounds a native
 * wait:
 *
 * ```text
 *   a timer is due ------> native tries the cases before it in the order --none--> the timer's
 *   none is -------------> native tries all, then waits
 *                            | settled        | a timer became due, and the native wait could be cancelled
 *                            v                v
 *                          its case         the timer's
 * ```
 */
import type { AsyncResource } from 'node:async_hooks';

import { contextFor, runIn } from '../event-loop/call-context.js';
import { NativeWait } from '../event-loop/pending-wait.js';
import { Code, binding, outcome } from '../border/binding.js';
import type { BeatWaiter } from '../timers/clock.js';
import { mayDrop } from '../observe/diagnostics.js';
import { failure } from '../border/native-errors.js';
import { inCall } from '../errors/call.js';
import { scratch } from '../ends/receiving/receive-memory.js';
import { type AnySelected, NativeCase, type SelectCase, TimerCase, readCases } from './cases.js';
import { timeNow } from '../event-loop/runtime.js';
import type { WaitOwner } from '../event-loop/wait-owner.js';
import { passOver, takeTurns } from './turn-taking.js';
import { countReady, hasBudget, owe } from '../event-loop/turns.js';
import type { WaitOptions } from '../event-loop/wait-options.js';

const nothing: AnySelected = Object.freeze({ key: undefined });
/** The longest blocking wait at a time, in milliseconds. */
const longestWait = 1e9;

export class Selection {
  /** In the order in which they are tried. */
  readonly #cases: readonly SelectCase[];
  readonly #natives: readonly NativeCase[];
  readonly #timers: readonly TimerCase[];
  readonly #handles: number[];
  readonly #values: (Uint8Array | undefined)[];

  constructor(cases: unknown, biased: boolean) {
    const read = readCases(cases);
    this.#natives = read.filter((one) => one instanceof NativeCase);
    this.#timers = read.filter((one) => one instanceof TimerCase);
    this.#handles = this.#natives.map((one) => one.owner.handle);
    this.#values = this.#natives.map((one) => one.encode());
    this.#natives.forEach((one, index) => {
      one.index = index;
      if (this.#values[index] !== undefined) one.owner.batch?.go();
    });
    this.#cases = biased ? read : takeTurns(read);
  }

  /** Whether what it receives may bring a context. */
  get carries(): boolean {
    return this.#natives.some(({ owner }) => owner.traits.context === true);
  }

  trySelect(): AnySelected {
    return this.#attempt(this.#dueTimer(), true) ?? nothing;
  }

  select(options: WaitOptions): Promise<AnySelected> {
    const timer = this.#dueTimer();
    if (timer !== undefined) return this.#ready(this.#attempt(timer, false) as AnySelected);
    const selected = this.#mayDrop(() => {
      const answer = binding.select(this.#handles, this.#values, this.#order(), scratch, 0);
      return answer > Code.pending ? this.#chosen(answer) : Code.pending - answer;
    });
    if (typeof selected !== 'number') return this.#ready(selected);
    return new PendingSelect(selected, this.#natives, this.#timers, options).begin() as Promise<AnySelected>;
  }

  selectSync(timeout: number): AnySelected {
    const end = timeNow() + timeout;
    for (let first = true; ; first = false) {
      const timer = this.#dueTimer();
      if (timer !== undefined) return this.#attempt(timer, false) as AnySelected;
      const now = timeNow();
      if (!first && now >= end) return nothing;
      const until = this.#timers.reduce((until, { clock }) => Math.min(until, clock.due), end);
      const left = until === Infinity ? Infinity : Math.min(Math.max(until - now, 0), longestWait);
      const selected = this.#mayDrop(() => {
        const answer = binding.selectSync(this.#handles, this.#values, this.#order(), scratch, 0, left);
        return answer === Code.nothing ? undefined : this.#chosen(answer);
      });
      if (selected !== undefined) return selected;
    }
  }

  #dueTimer(): TimerCase | undefined {
    return this.#timers.length === 0 ? undefined : this.#cases.find(isReadyTimer);
  }

  /** Does the first case that is ready, `timer` at the latest. `passing`: even before those who wait. */
  #attempt(timer: TimerCase | undefined, passing: boolean): AnySelected | undefined {
    const order = this.#order(timer);
    if (order.length > 0) {
      const selected = this.#mayDrop(() => {
        const answer = binding.trySelect(this.#handles, this.#values, order, scratch, 0, passing);
        return answer === Code.nothing ? undefined : this.#chosen(answer);
      });
      if (selected !== undefined) return selected;
    }
    if (timer === undefined) return undefined;
    passOver(this.#cases, timer);
    return timer.take();
  }

  /** The native cases in the order in which they are tried, `last` and those behind it left out. */
  #order(last?: SelectCase): number[] {
    const order: number[] = [];
    for (const one of this.#cases) {
      if (one === last) break;
      if (one instanceof NativeCase) order.push(one.index);
    }
    return order;
  }

  /** Does one attempt, and tells what it lost if it sent on a channel that drops. */
  #mayDrop<R>(attempt: () => R): R {
    const sends = this.#natives.filter(({ owner }, index) => owner.traits.drops && this.#values[index]);
    const told = sends.reduce(
      (attempt, { owner }) =>
        () =>
          mayDrop(owner, attempt),
      attempt,
    );
    return told();
  }

  /** What a native answer says. */
  #chosen(answer: number): AnySelected {
    const one = this.#natives[answer];
    if (one === undefined) throw failure(answer);
    passOver(this.#cases, one);
    return one.chosen(outcome[0] as number, outcome[1] as number);
  }

  /** What did not have to wait: its promise, in its turn. */
  #ready(selected: AnySelected): Promise<AnySelected> {
    const { owner } = this.#cases[0] as SelectCase;
    if (!hasBudget()) return owe(owner, selected);
    countReady();
    return Promise.resolve(selected);
  }
}

function isReadyTimer(one: SelectCase): one is TimerCase {
  return one instanceof TimerCase && one.isReady;
}

/** A pending `select`. */
class PendingSelect extends NativeWait {
  readonly #natives: readonly NativeCase[];
  readonly #timers: readonly TimerCase[];
  readonly #owners: readonly WaitOwner[];
  /** One for each timer, which tells it of a beat. */
  readonly #beats: readonly BeatWaiter[];
  /** Of the call, where its message is decoded. */
  readonly #context: AsyncResource | undefined;

  constructor(
    wait: number,
    natives: readonly NativeCase[],
    timers: readonly TimerCase[],
    options: WaitOptions,
  ) {
    const owners = [...natives, ...timers].map((one) => one.owner);
    super(wait, owners[0] as WaitOwner, options);
    this.#natives = natives;
    this.#timers = timers;
    this.#owners = owners;
    this.#beats = timers.map((timer) => ({ beat: (at) => this.#beaten(timer, at) }));
    this.#context = contextFor(natives.map((one) => one.owner.traits.codec).find((codec) => codec.isCustom));
  }

  protected get verb(): string {
    return 'select';
  }

  settle(result: number, length: number): void {
    const one = this.#natives[outcome[2] as number] as NativeCase;
    this.over();
    try {
      this.resolve(runIn(this.#context, () => one.chosen(result, length)));
    } catch (error) {
      this.reject(inCall(error, 'select', () => undefined));
    }
  }

  protected override join(): void {
    for (const owner of this.#owners) owner.waits.add(this);
  }

  protected override leave(): void {
    for (const owner of this.#owners) owner.waits.delete(this);
  }

  protected override isRefed(): boolean {
    return this.#owners.some((owner) => owner.refed);
  }

  protected poll(): number {
    return this.#natives[0]?.owner.traits.poll ?? 0;
  }

  protected override enlist(refed: boolean): void {
    super.enlist(refed);
    for (const [index, { clock }] of this.#timers.entries()) clock.await(this.#beats[index] as BeatWaiter);
  }

  protected override delist(): void {
    super.delist();
    for (const [index, { clock }] of this.#timers.entries()) clock.leave(this.#beats[index] as BeatWaiter);
  }

  protected nothing(): AnySelected {
    return nothing;
  }

  #beaten(timer: TimerCase, at: number): boolean {
    // Something came in the same moment, and will be told: the beat is for others.
    if (!this.withdraw()) return false;
    this.over();
    this.resolve(timer.chosen(at));
    return true;
  }
}
