/** A sending end of a channel over NATS. */
import type { AsyncSender } from '../../ends/async-ends.js';
import { readValues } from '../../ends/sending/send-many.js';
import { ChannelStateError } from '../../errors/errors.js';
import {
  readWait,
  type AnyWait,
  type TimedWait,
  type Wait,
  type WaitOptions,
} from '../../event-loop/wait-options.js';
import { Ending } from '../ending.js';
import { Outbox } from './outbox.js';
import { encodeAlone } from '../payload.js';
import { Pause } from '../pause.js';
import { nuid } from '../peers.js';
import { type Outgoing, PendingSend } from './pending-send.js';
import { headerBytes } from './publisher.js';
import { tooLong } from '../refusals.js';
import type { Stream } from '../stream.js';
import { within } from '../within.js';

/** More pending sends of one handle than this are refused, as those of any sender. */
const mostPending = 65_536;

export class NatsSender<T> implements AsyncSender<T> {
  readonly #stream: Stream;
  readonly #outbox: Outbox;
  readonly #id = nuid.next();
  readonly #work: Set<Promise<unknown>>;
  #count = 0;
  #spent = false;

  /** What outlives the handle is put into `work`; `closed` is called when it is closed. */
  constructor(
    stream: Stream,
    work: Set<Promise<unknown>>,
    readonly closed: (end: NatsSender<T>) => void,
  ) {
    this.#stream = stream;
    this.#outbox = new Outbox(stream);
    this.#work = work;
  }

  get [Symbol.toStringTag](): string {
    return 'NatsSender';
  }

  send(value: T, wait?: Wait): Promise<void>;
  send(value: T, wait: TimedWait): Promise<boolean>;
  send(value: T, wait?: AnyWait): Promise<boolean | void>;
  async send(value: T, wait?: unknown): Promise<boolean | void> {
    const options = readWait(wait);
    const accepted = await this.#send([value], options);
    return options.timed ? accepted === 1 : undefined;
  }

  async sendMany(values: readonly T[], wait?: AnyWait): Promise<number> {
    return await this.#send(readValues(values), readWait(wait));
  }

  drained(wait?: Wait): Promise<void>;
  drained(wait: TimedWait): Promise<boolean>;
  drained(wait?: AnyWait): Promise<boolean | void>;
  async drained(wait?: unknown): Promise<boolean | void> {
    const options = readWait(wait);
    this.#mustBeLive();
    const isDrained = await within(options, (isOver) => this.#drain(isOver));
    return options.timed ? isDrained : undefined;
  }

  end(): Promise<void> {
    return this.#end({});
  }

  fail(error: unknown): Promise<void> {
    return this.#end({ failure: error });
  }

  close(): void {
    this.#spent = true;
    this.#outbox.retire();
    this.closed(this);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** The channel is closed here: what waits for room or for the server does not wait any more. */
  stop(): void {
    this.close();
    this.#outbox.stop(new ChannelStateError('this channel was closed in this process'));
  }

  async #send(values: readonly unknown[], options: WaitOptions): Promise<number> {
    this.#mustBeLive();
    if (options.signal?.aborted === true) throw options.signal.reason;
    this.#stream.link.mustBeOpen();
    if (this.#outbox.pending >= mostPending) {
      throw new ChannelStateError(
        `more than ${mostPending} sends of this handle are pending: await your sends`,
      );
    }
    const messages = values.map((value) => this.#outgoing(value));
    if (messages.length === 0) return 0;
    // Encoding may run code of the caller's.
    this.#mustBeLive();
    const pending = new PendingSend(messages, options, () => this.#outbox.wake());
    this.#outbox.add(pending);
    this.#outlives(pending.promise);
    return pending.promise;
  }

  #outgoing(value: unknown): Outgoing {
    const bytes = encodeAlone(this.#stream.settings.codec, value);
    const most = this.#stream.link.maxPayload - headerBytes;
    if (bytes.length > most) throw tooLong(bytes.length, most);
    this.#count += 1;
    return { bytes, id: `${this.#id}-${this.#count}` };
  }

  /** Looks until all that was there has left; false: its time is over. */
  async #drain(isOver: () => boolean): Promise<boolean> {
    const pause = new Pause(2, 250);
    let target: number | undefined;
    for (;;) {
      const course = this.#outbox.pending === 0 ? await this.#stream.lookIfThere() : undefined;
      if (course !== undefined) {
        target ??= course.last;
        if (course.messages === 0 || course.first > target) return true;
      }
      if (isOver()) return false;
      await pause.pass();
    }
  }

  #end(how: { readonly failure?: unknown }): Promise<void> {
    this.#mustBeLive();
    const ending = new Ending(how);
    this.#outbox.end(ending);
    this.#outlives(ending.promise);
    return ending.promise;
  }

  #outlives(promise: Promise<unknown>): void {
    this.#work.add(promise);
    const over = () => this.#work.delete(promise);
    promise.then(over, over);
  }

  #mustBeLive(): void {
    if (this.#spent) throw new ChannelStateError('this handle is spent: it was closed');
  }
}
