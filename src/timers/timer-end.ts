/** The receiving end of a clock, with every verb of a receiver. */
import { PendingWait } from '../event-loop/pending-wait.js';
import { Code, binding } from '../border/binding.js';
import { type BeatWaiter, Clock } from './clock.js';
import { closedMeanwhile, failure } from '../border/native-errors.js';
import { shownAsJson } from '../codecs/handles.js';
import { refuseClone } from '../ends/handle.js';
import { scratch } from '../ends/receiving/receive-memory.js';
import type { CloseReason } from '../ends/close-reason.js';
import type { Stats } from '../ends/stats.js';
import { refused } from '../errors/misuse.js';
import type { SoleReceiver } from '../ends/receiver.js';
import { Steps } from '../ends/receiving/sync-iteration.js';
import { timeNow } from '../event-loop/runtime.js';
import { countReady, hasBudget, owe } from '../event-loop/turns.js';
import { Beats } from './beats.js';
import type {
  AnySyncWait,
  AnyWait,
  Iterating,
  WaitOptions,
  SyncWait,
  Wait,
} from '../event-loop/wait-options.js';
import { endless, readIterating, readMax, readSyncWait, readWait } from '../event-loop/wait-options.js';

/** The longest sleep at a time, in milliseconds. */
const longestSleep = 1e9;

export class TimerEnd implements SoleReceiver<number> {
  readonly 'cannot be cloned' = refuseClone;
  readonly capacity = 1;
  readonly #clock: Clock;
  readonly #name: string;

  /** As `Clock`; `name` is shown by inspection. */
  constructor(name: string, first: number, every: number) {
    this.#name = name;
    this.#clock = new Clock(first, every);
  }

  /** The clock of a timer's end, `undefined` for anything else. */
  static clockOf(value: unknown): Clock | undefined {
    return typeof value === 'object' && value !== null && #clock in value ? value.#clock : undefined;
  }

  get [Symbol.toStringTag](): string {
    return 'SoleReceiver';
  }

  toJSON(): object {
    return shownAsJson(this[Symbol.toStringTag]);
  }

  get isClosed(): boolean {
    return this.#clock.over !== undefined;
  }

  get closeReason(): CloseReason | undefined {
    return this.#clock.closeReason;
  }

  get isEmpty(): boolean {
    return !this.#clock.isDue;
  }

  get length(): number {
    return this.#clock.isDue ? 1 : 0;
  }

  tryRecv(): number | undefined {
    return this.#take('tryRecv');
  }

  recv(wait?: Wait): Promise<number>;
  recv(wait?: AnyWait): Promise<number | undefined>;
  recv(wait?: unknown): Promise<unknown> {
    try {
      const options = readWait(wait);
      if (options.signal?.aborted === true) return Promise.reject(options.signal.reason);
      const beat = this.#take('recv');
      if (beat === undefined) return new PendingBeat(this.#clock, options).begin();
      if (!hasBudget()) return owe(this.#clock, beat);
      countReady();
      return Promise.resolve(beat);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  recvSync(wait?: SyncWait): number;
  recvSync(wait?: AnySyncWait): number | undefined;
  recvSync(wait?: unknown): unknown {
    const { timeout } = readSyncWait(wait);
    const end = timeNow() + timeout;
    for (;;) {
      const beat = this.#take('recvSync');
      if (beat !== undefined) return beat;
      const now = timeNow();
      if (now >= end) return undefined;
      const until = Math.min(this.#clock.due, end);
      if (until === Infinity) throw failure(Code.stuck, undefined, { verb: 'recvSync' });
      sleep(until - now);
    }
  }

  tryRecvMany(max: number): number[] {
    readMax(max);
    return several(this.#take('tryRecvMany'));
  }

  async recvMany(max: number, wait?: AnyWait): Promise<number[]> {
    readMax(max);
    return several(await this.recv(wait));
  }

  recvManySync(max: number, wait?: AnySyncWait): number[] {
    readMax(max);
    return several(this.recvSync(wait));
  }

  tryRecvInto(): number {
    throw notBytes();
  }

  recvInto(): Promise<never> {
    return Promise.reject(notBytes());
  }

  recvIntoSync(): number {
    throw notBytes();
  }

  tryRecvRef(): undefined {
    throw notBytes();
  }

  recvRef(): Promise<never> {
    return Promise.reject(notBytes());
  }

  refs(): never {
    throw notBytes();
  }

  recvRefSync(): never {
    throw notBytes();
  }

  tryIter(): Iterable<number> {
    let left = this.length;
    const step = () => ((left -= 1) >= 0 ? this.tryRecv() : undefined);
    return this.#steps('tryIter', step);
  }

  iterSync(): Iterable<number> {
    return this.#steps('iterSync', () => this.recvSync());
  }

  latest(): number | undefined {
    return this.#take('latest');
  }

  iter(options?: Iterating): AsyncIterable<number> {
    return this.#beats((beat) => beat, readIterating(options));
  }

  batches(max: number, options?: Iterating): AsyncIterable<number[]> {
    readMax(max);
    return this.#beats((beat) => [beat], readIterating(options));
  }

  [Symbol.asyncIterator](): AsyncIterator<number> {
    return this.#beats((beat) => beat, endless);
  }

  cancel(reason?: unknown): number {
    this.#clock.mustBeLive('cancel');
    return this.#clock.cancel(reason);
  }

  ref(): void {
    this.#clock.setRef(true);
  }

  unref(): void {
    this.#clock.setRef(false);
  }

  close(): void {
    if (this.#clock.over !== 'closed') this.#clock.stop('closed');
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** As of a channel of one whose sender is the clock. */
  stats(): Stats {
    const length = this.length;
    const { received, dropped, discarded, over, waiting } = this.#clock;
    return {
      flavor: 'bounded',
      capacity: this.capacity,
      length,
      bytes: length * Float64Array.BYTES_PER_ELEMENT,
      senders: over === undefined ? 1 : 0,
      receivers: over === 'closed' ? 0 : 1,
      tickets: 0,
      sent: received + dropped + discarded + length,
      received,
      dropped,
      skipped: 0,
      discarded,
      waitingSenders: 0,
      waitingReceivers: waiting,
      highWater: Math.min(received + discarded + length, 1),
    };
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    const { over } = this.#clock;
    return `SoleReceiver<f64> { ${this.#name}${over === undefined ? '' : `, ${over}`} }`;
  }

  /** The beat that is there, for `verb`. */
  #take(verb: string): number | undefined {
    this.#clock.mustBeOpen(verb);
    return this.#clock.take();
  }

  #steps(verb: string, step: () => number | undefined): Iterable<number> {
    this.#clock.mustBeLive(verb);
    return new Steps(step, this.#clock, () => () => undefined);
  }

  #beats<V>(shape: (beat: number) => V, options: WaitOptions): Beats<V> {
    this.#clock.mustBeLive('for await');
    return new Beats(this, shape, options);
  }
}

/** A pending `recv` of a timer. */
class PendingBeat extends PendingWait implements BeatWaiter {
  declare protected readonly owner: Clock;

  protected get verb(): string {
    return 'recv';
  }

  beat(at: number): boolean {
    this.over();
    this.resolve(at);
    return true;
  }

  protected enlist(): void {
    this.owner.await(this);
  }

  protected delist(): void {
    this.owner.leave(this);
  }

  protected withdraw(): boolean {
    return this.owner.leave(this);
  }

  protected nothing(): undefined {
    return undefined;
  }

  protected override cutOff(): void {
    this.reject(
      this.owner.over === 'cancelled' ? this.owner.closedError(this.verb) : closedMeanwhile(this.verb),
    );
  }
}

function several(beat: number | undefined): number[] {
  return beat === undefined ? [] : [beat];
}

function notBytes(): Error {
  return refused("Receiving into memory is for channels of bytes or buffer. A timer's messages are numbers");
}

/** Blocks this thread; its pending waits are served meanwhile. */
function sleep(ms: number): void {
  const answer = binding.selectSync([], [], [], scratch, 0, Math.min(ms, longestSleep));
  if (answer !== Code.nothing) throw failure(answer);
}
