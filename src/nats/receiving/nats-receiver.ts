/** A receiving end of a channel over NATS. */
import type { AsyncReceiver } from '../../ends/async-ends.js';
import { ChannelClosedError, ChannelStateError } from '../../errors/errors.js';
import { readKeys } from '../../errors/misuse.js';
import {
  type AnyWait,
  type Wait,
  type WaitOptions,
  endless,
  readMax,
  readWait,
} from '../../event-loop/wait-options.js';
import { type Dealing, Intake } from './intake.js';
import type { Stream } from '../stream.js';
import { Taker } from './taker.js';

export class NatsReceiver<T> implements AsyncReceiver<T> {
  readonly #stream: Stream;
  readonly #intake: Intake;
  readonly #left = (taker: Taker): void => this.#intake.remove(taker);
  #spent = false;

  /** `closed` is called when it is closed. */
  constructor(
    stream: Stream,
    dealing: Dealing,
    readonly closed: (end: NatsReceiver<T>) => void,
  ) {
    this.#stream = stream;
    this.#intake = new Intake(stream, dealing);
  }

  get [Symbol.toStringTag](): string {
    return 'NatsReceiver';
  }

  recv(wait?: Wait): Promise<T>;
  recv(wait?: AnyWait): Promise<T | undefined>;
  async recv(wait?: unknown): Promise<T | undefined> {
    const [value] = await this.#take(1, readWait(wait));
    return value;
  }

  async recvMany(max: number, wait?: AnyWait): Promise<T[]> {
    return await this.#take(readMax(max), readWait(wait));
  }

  batches(max: number, options?: { signal?: AbortSignal }): AsyncIterable<T[]> {
    const most = readMax(max);
    const { signal } = readKeys('options', options, ['signal']);
    const waits = readWait(signal === undefined ? undefined : { signal });
    return { [Symbol.asyncIterator]: () => this.#steps(most, waits, (values) => values) };
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    return this.#steps(1, endless, ([value]) => value as T);
  }

  close(): void {
    if (this.#spent) return;
    this.#spent = true;
    this.#intake.stop(new ChannelStateError('this handle is spent: it was closed'));
    this.closed(this);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Something has become of the channel. */
  look(): void {
    this.#intake.look();
  }

  async #take(max: number, options: WaitOptions): Promise<T[]> {
    if (this.#spent) throw new ChannelStateError('this handle is spent: it was closed');
    if (options.signal?.aborted === true) throw options.signal.reason;
    this.#stream.link.mustBeOpen();
    const taker = new Taker(max, options, this.#left);
    this.#intake.add(taker);
    return (await taker.promise) as T[];
  }

  /** Steps until the channel is closed, or the handle is. What a step was waiting for when the loop was left goes back. */
  #steps<V>(max: number, options: WaitOptions, of: (values: T[]) => V): AsyncIterator<V> {
    const left = new AbortController();
    const { signal = left.signal } = options;
    const follow = () => left.abort(signal.reason);
    if (signal.aborted) follow();
    else if (signal !== left.signal) signal.addEventListener('abort', follow, { once: true });
    let isOver = false;
    const finish = () => {
      isOver = true;
      signal.removeEventListener('abort', follow);
      return { value: undefined, done: true as const };
    };
    const step = async (): Promise<IteratorResult<V>> => {
      if (isOver || this.#spent) return finish();
      try {
        const values = await this.#take(max, { ...endless, signal: left.signal });
        return { value: of(values), done: false };
      } catch (error) {
        const isLeft = isOver || this.#spent;
        finish();
        if (isLeft || error instanceof ChannelClosedError) return { value: undefined, done: true };
        throw error;
      }
    };
    return {
      next: step,
      return: (value?: unknown) => {
        finish();
        left.abort();
        return Promise.resolve({ value: value as V, done: true });
      },
    };
  }
}
