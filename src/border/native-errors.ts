/** What a native answer that is no result means to the caller. */
import { inspect } from 'node:util';

import { Code, mostHandles, mostPending, outcome } from './binding.js';
import { detached } from './bytes.js';
import { unnamed } from '../errors/call.js';
import { ChannelStateError } from '../errors/errors.js';
import { noMemory, outOfRange } from '../errors/misuse.js';

/** The label of the channel that an error is about, where it has one. */
export function ofChannel(label: string | undefined): string {
  return label === undefined ? '' : ` of the channel ${inspect(label)}`;
}

/** Which call an error is about: a verb, and the label of its channel, where they are known. */
export interface About {
  readonly verb?: string | undefined;
  readonly label?: string | undefined;
}

/** The error for using a handle that this thread no longer has. */
export function spent({ verb, label }: About = {}): ChannelStateError {
  const text = `this handle${ofChannel(label)} is spent: it was closed, or transferred to another thread`;
  return ofVerb(verb, text);
}

/** The error for a wait that was cut off because its own handle was closed. */
export function closedMeanwhile(verb: string): ChannelStateError {
  return ofVerb(verb, 'this handle was closed while the wait was pending');
}

/** The error for any `Code` that is neither a result, "nothing" nor `closed`. `value` is what was to be sent. */
export function failure(code: number, value?: unknown, about: About = {}): Error {
  const { verb, label } = about;
  switch (code) {
    case Code.spent:
      return spent(about);
    case Code.stuck:
      return ofVerb(
        verb,
        `this wait${ofChannel(label)} could never end: every other end of the channel is in this thread, which would be blocked, ` +
          'and no ticket is out. Use the try or the awaiting verb, or give a timeout',
      );
    case Code.tooLong: {
      const bound = outcome[2] === 1 ? 'slotBytes' : 'maxBytes';
      const expected = `at most ${outcome[1]} bytes long, which is the channel's ${bound}`;
      return outOfRange('value', expected, outcome[0]);
    }
    case Code.moved:
      return ofVerb(
        verb,
        "this ref's memory was moved away (structuredClone, transfer, postMessage), so there is nothing to send",
      );
    case Code.stopping:
      return ofVerb(verb, 'this thread is being stopped');
    case Code.notBytes:
      return detached('value', value);
    case Code.noMemory:
      return noMemory('there is not enough memory for this message');
    case Code.tooMany:
      return ofVerb(
        verb,
        `too many waits are pending already, of one handle at most ${grouped(mostPending)} sends: await them`,
      );
    case Code.noNames:
      return ofVerb(
        verb,
        `this thread has as many handles as it can have, ${grouped(mostHandles)}: close() those that are not used any more`,
      );
    default:
      return ofVerb(verb, `the native part answered with the unknown code ${code}`);
  }
}

function ofVerb(verb: string | undefined, text: string): ChannelStateError {
  return verb === undefined ? stateError(text) : new ChannelStateError(`${verb}: ${text}`);
}

/** The error for what cannot be done in this state, which its verb is to name. */
export function stateError(text: string): ChannelStateError {
  return unnamed(text, (text) => new ChannelStateError(text));
}

/** A number as people write it. */
function grouped(count: number): string {
  return count.toLocaleString('en');
}
