/** `millrace:send` and `millrace:recv`, tracing channels of `node:diagnostics_channel`: what a tracer makes spans of. */
import { type TracingChannel, tracingChannel } from 'node:diagnostics_channel';

import type { EndState } from '../ends/end-state.js';
import type { Stats } from '../ends/stats.js';

/**
 * What the tracing channels `millrace:send` and `millrace:recv` say of a call on a channel made with `context: true`.
 *
 * @example
 * ```ts
 * import { tracingChannel } from 'node:diagnostics_channel';
 * import { bounded, type TraceEvent } from 'millrace';
 *
 * tracingChannel('millrace:send').start.subscribe((event) => {
 *   const sent = event as TraceEvent;
 *   sent.traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
 *   console.log(sent.verb, sent.label); // trySend jobs
 * });
 * tracingChannel('millrace:recv').end.subscribe((event) => {
 *   console.log((event as TraceEvent).traceparent?.slice(36, 52)); // b7ad6b7169203331
 * });
 * const [tx, rx] = bounded(8, { codec: 'text', label: 'jobs', context: true });
 * tx.trySend('traced');
 * rx.tryRecv();
 * tx.close();
 * rx.close();
 * ```
 */
export interface TraceEvent {
  /** Which Rust channel is underneath. */
  readonly flavor: Stats['flavor'];
  /** The channel's `label`, if it was given one. */
  readonly label?: string;
  /** The verb that was called; `'next'` for a step of an iteration, `'serve'` for a request and its handler. */
  readonly verb: string;
  /** Of a send: what a subscriber of `start` sets goes with its messages. Of a receive: what came, of many with the first that had one. */
  traceparent?: string;
  /** What the call came to. */
  result?: unknown;
  /** What it threw or rejected with. */
  error?: unknown;
}

type Told = TracingChannel<TraceEvent, TraceEvent>;

export const sends = tracingChannel<TraceEvent, TraceEvent>('millrace:send');
export const receives = tracingChannel<TraceEvent, TraceEvent>('millrace:recv');

const phases = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const;

/** The send that encodes now. */
let sending: TraceEvent | undefined;

/** What is told of the send that encodes now, if it is. */
export function sendEvent(): TraceEvent | undefined {
  return sending;
}

/** Does a send, which knows of its event while it encodes. */
export function encodingFor<R>(event: TraceEvent | undefined, send: () => R): R {
  const outer = sending;
  sending = event;
  try {
    return send();
  } finally {
    sending = outer;
  }
}

/** Does a call and tells of it, where somebody wants to know. `isAwaited`: it answers with a promise. `parent`: a trace parent that is known before. */
export function telling<R>(
  channel: Told,
  state: EndState,
  verb: string,
  isAwaited: boolean,
  call: (event?: TraceEvent) => R,
  parent?: string,
): R {
  if (!phases.some((phase) => channel[phase].hasSubscribers)) return call();
  const { flavor, label } = state.stats();
  const event: TraceEvent = { flavor, ...(label === undefined ? {} : { label }), verb };
  if (parent !== undefined) event.traceparent = parent;
  const traced = () => call(event);
  return isAwaited
    ? (channel.tracePromise(traced as () => Promise<unknown>, event) as R)
    : channel.traceSync(traced, event);
}
