/** Events for `node:diagnostics_channel`, in the thread where it happens: a channel is made, closes, or loses messages. */
import { channel } from 'node:diagnostics_channel';

import { Look, Side, binding, flavorNames } from '../border/binding.js';
import type { EndState } from '../ends/end-state.js';
import type { Stats } from '../ends/stats.js';

/**
 * What the events `millrace:open`, `millrace:close` and `millrace:drop` of `node:diagnostics_channel` say of a channel.
 * They go out in the thread where it happens, and only while somebody there subscribes.
 *
 * @example
 * ```ts
 * import { subscribe } from 'node:diagnostics_channel';
 * import { bounded, type ChannelEvent } from 'millrace';
 *
 * subscribe('millrace:open', (event) => {
 *   const { flavor, label } = event as ChannelEvent;
 *   console.log(flavor, label); // bounded jobs
 * });
 * const [tx, rx] = bounded(8, { label: 'jobs' });
 * tx.close();
 * rx.close();
 * ```
 */
export interface ChannelEvent {
  /** Which Rust channel is underneath. */
  flavor: Stats['flavor'];
  /** The channel's `label`, if it was given one. */
  label?: string;
}

/**
 * `millrace:close`: nothing more is accepted. One for each channel, in the thread whose call or whose settled wait
 * closed it; none where a thread's end or a ticket's expiry did, because nothing runs there any more.
 *
 * @example
 * ```ts
 * import { subscribe } from 'node:diagnostics_channel';
 * import { bounded, type ChannelCloseEvent } from 'millrace';
 *
 * subscribe('millrace:close', (event) => {
 *   const { label, by } = event as ChannelCloseEvent;
 *   console.log(label, by); // jobs senders
 * });
 * const [tx, rx] = bounded(8, { label: 'jobs' });
 * tx.close();
 * rx.close();
 * ```
 */
export interface ChannelCloseEvent extends ChannelEvent {
  /** The side that closed it: its last end went, or it called `end()` or `cancel()`. */
  by: 'senders' | 'receivers';
}

/**
 * `millrace:drop`: a call lost messages by the channel's `overflow` policy.
 *
 * @example
 * ```ts
 * import { subscribe } from 'node:diagnostics_channel';
 * import { bounded, type ChannelDropEvent } from 'millrace';
 *
 * subscribe('millrace:drop', (event) => {
 *   const { label, count } = event as ChannelDropEvent;
 *   console.log(label, count); // ticks 2
 * });
 * const [tx, rx] = bounded(1, { codec: 'f64', label: 'ticks', overflow: 'drop-oldest' });
 * tx.trySendMany([1, 2, 3]);
 * tx.close();
 * rx.close();
 * ```
 */
export interface ChannelDropEvent extends ChannelEvent {
  /** How many messages the call lost. */
  count: number;
}

const opened = channel('millrace:open');
const closed = channel('millrace:close');
const dropped = channel('millrace:drop');

/** Whether native code notes what closes in this thread. */
let isWatching = false;

/** A channel was made. */
export function tellOpened(flavor: Stats['flavor'], label: string | undefined): void {
  followClosing();
  if (opened.hasSubscribers) opened.publish(eventOf(flavor, label));
}

/** Has closings noted while somebody wants to know of them: asked wherever ends come and go. */
export function followClosing(): void {
  if (closed.hasSubscribers === isWatching) return;
  isWatching = !isWatching;
  binding.watchClosing(isWatching);
}

/** Does what may close a channel, and tells whether it did. Nothing is left in `outcome`. */
export function mayClose<R>(call: () => R): R {
  followClosing();
  const result = call();
  tellClosed();
  return result;
}

/** Tells what was noted as closed in this thread. */
export function tellClosed(): void {
  if (!isWatching) return;
  for (let note = binding.nextClosed(); note !== undefined; note = binding.nextClosed()) {
    const [flavor, by, label] = note;
    const event: ChannelCloseEvent = {
      ...eventOf(flavorNames[flavor] as Stats['flavor'], label),
      by: by === Side.sender ? 'senders' : 'receivers',
    };
    closed.publish(event);
  }
}

/** Does a send of a handle whose channel may drop, and tells how many messages that lost. */
export function mayDrop<R>(state: EndState, send: () => R): R {
  if (!state.traits.drops || !dropped.hasSubscribers) return send();
  const before = binding.look(state.handle, Look.lost);
  const result = send();
  const count = binding.look(state.handle, Look.lost) - before;
  if (count > 0) {
    const { flavor, label } = state.stats();
    const event: ChannelDropEvent = { ...eventOf(flavor, label), count };
    dropped.publish(event);
  }
  return result;
}

function eventOf(flavor: Stats['flavor'], label: string | undefined): ChannelEvent {
  return label === undefined ? { flavor } : { flavor, label };
}
