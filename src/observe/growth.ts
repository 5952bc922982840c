/**
 * Telling of channels without any bound that hold more than anybody means them to: once for each channel of the process,
 * by whichever thread sees it first. A look now and then finds them, so that no message is asked.
 */
import { AsyncResource } from 'node:async_hooks';
import { inspect } from 'node:util';

import { Code, binding } from '../border/binding.js';
import type { EndState } from '../ends/end-state.js';
import { setTimeout } from '../event-loop/runtime.js';
import { callLater } from '../event-loop/weak-timer.js';

/** How long until the next look, in milliseconds. */
const delay = 1000;
/** Ends of one look at most: each asks its channel. */
const mostEnds = 1000;

/** The ends of this thread whose channels were not told of yet. */
const watched = new Set<EndState>();

/** The timer must not keep the async context of whoever made the first channel. */
const context = new AsyncResource('millrace.growth');

const watcher = { look };
let isWaiting = false;

/** An end of a channel that nothing bounds. */
export function watchGrowth(state: EndState): void {
  watched.add(state);
  if (isWaiting) return;
  isWaiting = true;
  context.runInAsyncScope(callLater, undefined, setTimeout, watcher, delay);
}

/** The end is spent. */
export function unwatchGrowth(state: EndState): void {
  watched.delete(state);
}

function look(): void {
  const grown: EndState[] = [];
  let left = Math.min(watched.size, mostEnds);
  for (const state of watched) {
    if (left === 0) break;
    left -= 1;
    const answer = binding.hasOutgrown(state.handle);
    watched.delete(state);
    // Behind those that were not asked.
    if (answer === Code.nothing) watched.add(state);
    else if (answer === Code.ok) grown.push(state);
  }
  isWaiting = watched.size > 0;
  if (isWaiting) callLater(setTimeout, watcher, delay);
  for (const state of grown) warn(state);
}

function warn(state: EndState): void {
  const { flavor, label, length, bytes } = state.stats();
  const channel =
    label === undefined ? `of flavor ${flavor}` : `of flavor ${flavor}, label ${inspect(label)}`;
  const megabytes = (bytes / 1e6).toFixed(1);
  process.emitWarning(
    `A channel without a bound (${channel}) has ${length.toLocaleString('en')} messages queued, ${megabytes} MB: ` +
      'more is sent than is received.',
    {
      type: 'MillraceWarning',
      code: 'MILLRACE_GROWING',
      detail:
        'It grows for as long as there is memory. Use bounded(capacity), whose senders wait or drop, more receivers, or ' +
        'the option maxBytes, which says how much is meant. Told once for each channel.',
    },
  );
}
