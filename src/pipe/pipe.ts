/** One end into another, until the first is closed: batches, in order, with back-pressure, closing and failing carried on. */
import type { AsyncReceiver, AsyncSender } from '../ends/async-ends.js';
import { ChannelClosedError, ChannelFailedError, ChannelStateError } from '../errors/errors.js';
import { readKeys, wrongType } from '../errors/misuse.js';
import { readMax, readWait } from '../event-loop/wait-options.js';

/**
 * What {@link pipe} takes beside its ends.
 *
 * @example
 * ```ts
 * import { bounded, pipe, type PipeOptions } from 'millrace';
 *
 * const frames: PipeOptions = { max: 1, end: false };
 * const [a, from] = bounded(8);
 * const [to, b] = bounded(8);
 * a.trySend(new Uint8Array(1));
 * a.close();
 * console.log(await pipe(from, to, frames), to.isClosed); // 1 false
 * for (const end of [from, to, b]) end.close();
 * ```
 */
export interface PipeOptions {
  /**
   * Stops it: nothing more is taken, what was taken is sent on first (leases that nobody has accepted are given back at
   * once instead), then the promise rejects with the signal's reason. Both ends stay open.
   */
  signal?: AbortSignal;
  /** The most messages that are taken at a time, 256 by default: so many are in this process's memory. */
  max?: number;
  /** `false` leaves the end of either side to you: several pipes may lead into one sender. `true` by default. */
  end?: boolean;
}

/**
 * A message to settle: what a receiver with `ack: true` gives. {@link pipe} sends its value on, and settles it when that
 * is accepted.
 *
 * @example
 * ```ts
 * import { type Settling } from 'millrace';
 *
 * const done = (lease: Settling<string>) => lease.ack();
 * console.log(done({ value: 'a job', ack: () => true, nack: () => true })); // true
 * ```
 */
export interface Settling<out T> {
  /** The message. */
  readonly value: T;
  /** It is done with; false: it was settled before. */
  ack(): boolean;
  /** It goes back; false: it was settled before. */
  nack(): boolean;
}

/**
 * Sends on whatever `from` gives, of this process or over a network, until that is closed; how many messages. The order
 * stays, `to` holds it up where it is full, and no more than `max` messages are under way. It uses both ends alone while
 * it runs, and leaves it to you to close them.
 *
 * - `from` closed: `to.end()`.
 * - `from` failed, or gave what cannot be decoded: `to.fail()` with the reason, and it rejects with the error.
 * - `to` closed, or cannot take a message: `to.fail()`, `from.close()`, and it rejects with the error. Messages taken and
 *   not accepted are lost, as with a thread that dies; leases are given back.
 *
 * Where `from` gives leases, their values are sent on, and each is acknowledged after `to` has accepted it, so that
 * nothing is lost when this process dies in between; the last of them may then come twice.
 *
 * Throws a `TypeError` for any other end, and for an unknown option.
 *
 * @example
 * ```ts
 * import { bounded, pipe, unbounded } from 'millrace';
 *
 * const [jobs, taken] = bounded(2, { codec: 'text' });
 * const [sent, received] = unbounded({ codec: 'text' });
 * const piped = pipe(taken, sent);
 * for (const job of ['one', 'two', 'three']) await jobs.send(job);
 * jobs.close();
 * console.log(await piped); // 3
 * for await (const job of received) console.log(job); // one, then two, then three
 * for (const end of [taken, sent, received]) end.close();
 * ```
 */
export function pipe<T>(
  from: AsyncReceiver<Settling<T>>,
  to: AsyncSender<T>,
  options?: PipeOptions,
): Promise<number>;
export function pipe<T>(from: AsyncReceiver<T>, to: AsyncSender<T>, options?: PipeOptions): Promise<number>;
export async function pipe(
  from: AsyncReceiver<unknown>,
  to: AsyncSender<unknown>,
  options?: PipeOptions,
): Promise<number> {
  mustHave(from, 'from', 'recvMany', 'an AsyncReceiver');
  mustHave(to, 'to', 'sendMany', 'an AsyncSender');
  const { signal, max, end } = readOptions(options);
  const wait = signal === undefined ? undefined : { signal };
  let count = 0;
  for (;;) {
    let messages: unknown[];
    try {
      messages = await from.recvMany(max, wait);
    } catch (error) {
      if (signal?.aborted === true && error === signal.reason) throw error;
      if (error instanceof ChannelClosedError) {
        if (end) to.end();
        return count;
      }
      if (end) failFar(to, error instanceof ChannelFailedError ? error.cause : error);
      throw error;
    }
    try {
      count += await (isLease(messages[0])
        ? passLeases(messages as Settling<unknown>[], to, wait)
        : passAll(messages, to));
    } catch (error) {
      if (end && !(signal?.aborted === true && error === signal.reason)) {
        failFar(to, error);
        from.close();
      }
      throw error;
    }
  }
}

/** Tells the far side. It may be why this ends: closed, or given up. */
function failFar(to: AsyncSender<unknown>, error: unknown): void {
  try {
    to.fail(error);
  } catch (refusal) {
    if (!(refusal instanceof ChannelStateError)) throw refusal;
  }
}

/** Sends all on: what was taken cannot be given back. */
async function passAll(messages: unknown[], to: AsyncSender<unknown>): Promise<number> {
  let sent = await to.sendMany(messages);
  // Stopped after some: the next call says by what.
  while (sent < messages.length) sent += await to.sendMany(messages.slice(sent));
  return sent;
}

/** Sends the values on; each lease is settled by what became of its own. */
async function passLeases(
  leases: Settling<unknown>[],
  to: AsyncSender<unknown>,
  wait: { signal: AbortSignal } | undefined,
): Promise<number> {
  let sent = 0;
  try {
    while (sent < leases.length) {
      const values = leases.slice(sent).map(({ value }) => value);
      const accepted = await to.sendMany(values, wait);
      for (const lease of leases.slice(sent, sent + accepted)) lease.ack();
      sent += accepted;
    }
    return sent;
  } finally {
    for (const lease of leases.slice(sent)) lease.nack();
  }
}

function isLease(message: unknown): boolean {
  if (typeof message !== 'object' || message === null) return false;
  const { ack, nack } = message as Partial<Settling<unknown>>;
  return typeof ack === 'function' && typeof nack === 'function';
}

function mustHave(end: unknown, what: string, verb: string, expected: string): void {
  const has = typeof end === 'object' && end !== null && verb in end;
  if (!has) throw wrongType(what, expected, end);
}

function readOptions(options: unknown): Required<Omit<PipeOptions, 'signal'>> & {
  signal: AbortSignal | undefined;
} {
  const { signal, max, end = true } = readKeys('options', options, ['signal', 'max', 'end']);
  if (typeof end !== 'boolean') throw wrongType('options.end', 'a boolean', end);
  return {
    signal: readWait(signal === undefined ? undefined : { signal }).signal,
    max: max === undefined ? 256 : readMax(max),
    end,
  };
}
