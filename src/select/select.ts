/** Select: what it promises. selection.ts does it. */
import { awaiting, receiving } from '../context/delivery.js';
import type { Request, Responder } from '../calls/responder.js';
import type { Sending } from './cases.js';
import type { SoleReceiver } from '../ends/receiver.js';
import type { Output } from '../latest/triple-buffer.js';
import type { WatchReceiver } from '../watch/watch.js';
import { inCall } from '../errors/call.js';
import { Selection } from './selection.js';
import type { AnySyncWait, AnyWait, SyncWait, Wait } from '../event-loop/wait-options.js';
import { readSelectWait } from '../event-loop/wait-options.js';

/**
 * What can be selected from, by keys of your own: receivers, timers among them, outputs of triple buffers (chosen,
 * one is updated) and of watches (chosen, its `get` has the value), and `sending(sender, value)`.
 *
 * @example
 * ```ts
 * import { bounded, sending, type SelectCases, trySelect } from 'millrace';
 *
 * const [tx, rx] = bounded(1, { codec: 'text' });
 * const cases = { taken: rx, given: sending(tx, 'hello') } satisfies SelectCases;
 * console.log(trySelect(cases).key, trySelect(cases, { biased: true }).value); // given hello
 * tx.close();
 * rx.close();
 * ```
 */
// oxlint-disable typescript/no-explicit-any -- a receiver or sender of anything, so that each value keeps its own type.
export type SelectCases = Record<
  string,
  SoleReceiver<any> | Responder<any, any> | Output<any> | WatchReceiver<any> | Sending<any>
>;
// oxlint-enable typescript/no-explicit-any

type One<K, C> =
  C extends SoleReceiver<infer T>
    ? { key: K; closed: false; value: T } | { key: K; closed: true; value?: undefined; error?: unknown }
    : C extends Responder<infer Req, infer Res>
      ? { key: K; closed: false; value: Request<Req, Res> } | { key: K; closed: true; value?: undefined }
      : C extends WatchReceiver<unknown>
        ? { key: K; closed: boolean; value?: undefined; error?: unknown }
        : { key: K; closed: boolean; value?: undefined };

/**
 * What came of a select: one of its cases, told by `key`, with the value that its own receiver gives.
 *
 * @example
 * ```ts
 * import { bounded, type Selected, select } from 'millrace';
 *
 * const [tx, jobs] = bounded(1, { codec: 'text' });
 * const [, quit] = bounded(1, { codec: 'f64' });
 * function said(op: Selected<{ jobs: typeof jobs; quit: typeof quit }>): string {
 *   if (op.closed) return `${op.key} is closed`;
 *   return op.key === 'jobs' ? op.value.toUpperCase() : op.value.toFixed(1);
 * }
 * tx.trySend('one');
 * console.log(said(await select({ jobs, quit }, { biased: true }))); // ONE
 * for (const end of [tx, jobs, quit]) end.close();
 * ```
 */
export type Selected<C> = {
  [K in keyof C & (string | number)]: One<`${K}`, C[K]>;
}[keyof C & (string | number)];

/**
 * No case was ready, in time.
 *
 * @example
 * ```ts
 * import { bounded, type NothingSelected, trySelect } from 'millrace';
 *
 * const [tx, rx] = bounded(1);
 * const nothing: NothingSelected = { key: undefined };
 * console.log(trySelect({ rx }).key === nothing.key); // true
 * tx.close();
 * rx.close();
 * ```
 */
export interface NothingSelected {
  /** Of no case. */
  key: undefined;
  /** Nothing is known to be closed. */
  closed?: undefined;
  /** Nothing was received. */
  value?: undefined;
}

/**
 * Does exactly one of several operations: the first that is ready, or that becomes so. The others consume and send
 * nothing. Among several that are ready one is chosen at random, yet none of n that stay ready is passed over by more
 * than 5 + n selects in a row; with `biased`, the first in key order is chosen (as JavaScript enumerates keys). A closed
 * channel is a ready case, with `closed: true`, and a receiver whose channel failed has its `ChannelFailedError` as `error`. A value to be sent is encoded once, during the call.
 *
 * With a `timeout` in milliseconds it resolves with `{ key: undefined }` when none became ready in time; an aborted
 * `signal` rejects with its reason. It rejects with a `TypeError` where there are no cases, with
 * `ChannelStateError` when a handle is spent, or closed meanwhile, and with `ChannelCodecError`, the message with
 * it as `bytes`, where the chosen message cannot be decoded.
 *
 * @example
 * ```ts
 * import { after, bounded, select } from 'millrace';
 *
 * const [tx, jobs] = bounded(8, { codec: 'text' });
 * tx.trySend('one');
 * for (;;) {
 *   const op = await select({ job: jobs, idle: after(20) });
 *   if (op.key === 'idle' || op.closed) break;
 *   console.log(op.value.toUpperCase()); // ONE
 * }
 * tx.close();
 * jobs.close();
 * ```
 */
export function select<C extends SelectCases>(
  cases: C,
  wait?: Wait & { biased?: boolean },
): Promise<Selected<C>>;
export function select<C extends SelectCases>(
  cases: C,
  wait?: AnyWait & { biased?: boolean },
): Promise<Selected<C> | NothingSelected>;
export function select(cases: unknown, wait?: unknown): Promise<unknown> {
  try {
    const { biased, options } = readSelectWait(wait, ['signal', 'timeout', 'biased']);
    if (options.signal?.aborted === true) return Promise.reject(options.signal.reason);
    const selection = new Selection(cases, biased);
    return selection.carries
      ? awaiting(undefined, () => selection.select(options))
      : selection.select(options);
  } catch (error) {
    return Promise.reject(inCall(error, 'select', noLabel));
  }
}

/**
 * As `select`, but blocks this thread. A wait that could never end, every other end of its channels being in this
 * thread and no timer among the cases, throws `ChannelStateError`.
 *
 * @example
 * ```ts
 * import { bounded, selectSync } from 'millrace';
 *
 * const [tx, jobs] = bounded(8, { codec: 'text' });
 * tx.trySend('one');
 * const op = selectSync({ job: jobs });
 * console.log(op.key, op.value); // job one
 * console.log(selectSync({ job: jobs }, { timeout: 10 }).key); // undefined
 * tx.close();
 * jobs.close();
 * ```
 */
export function selectSync<C extends SelectCases>(
  cases: C,
  wait?: SyncWait & { biased?: boolean },
): Selected<C>;
export function selectSync<C extends SelectCases>(
  cases: C,
  wait?: AnySyncWait & { biased?: boolean },
): Selected<C> | NothingSelected;
export function selectSync(cases: unknown, wait?: unknown): unknown {
  try {
    const { biased, options } = readSelectWait(wait, ['timeout', 'biased']);
    const selection = new Selection(cases, biased);
    const selectNow = () => selection.selectSync(options.timeout);
    return selection.carries ? receiving(undefined, selectNow) : selectNow();
  } catch (error) {
    throw inCall(error, 'selectSync', noLabel);
  }
}

/**
 * As `select`, but never waits: `{ key: undefined }` when no case is ready now.
 *
 * @example
 * ```ts
 * import { bounded, trySelect } from 'millrace';
 *
 * const [tx, jobs] = bounded(8, { codec: 'text' });
 * console.log(trySelect({ job: jobs }).key); // undefined
 * tx.trySend('one');
 * console.log(trySelect({ job: jobs }).value); // one
 * tx.close();
 * jobs.close();
 * ```
 */
export function trySelect<C extends SelectCases>(
  cases: C,
  options?: { biased?: boolean },
): Selected<C> | NothingSelected;
export function trySelect(cases: unknown, options?: unknown): unknown {
  try {
    const { biased } = readSelectWait(options, ['biased']);
    const selection = new Selection(cases, biased);
    return selection.carries ? receiving(undefined, () => selection.trySelect()) : selection.trySelect();
  } catch (error) {
    throw inCall(error, 'trySelect', noLabel);
  }
}

/** A select may be over several channels. */
const noLabel = (): undefined => undefined;
