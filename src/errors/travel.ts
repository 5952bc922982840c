/**
 * Errors that travel: what one thread throws, as bytes, to be thrown again in another.
 *
 *     error ──describe──► node { class, hidden, shown } ──v8──► bytes ──v8──► node ──rebuild──► error
 *                          │ one a distinct error: causes, and errors of errors, point to each other by number
 */
import { deserialize, serialize } from '../codecs/v8.js';

import { ChannelCodecError } from './errors.js';
import { type Carried, describe, type Description } from './describe.js';
import { rebuild } from './rebuild.js';

/**
 * `value` as bytes; never throws. An error keeps its class where the other side has it too, its name,
 * message, stack, code and causes (8 deep), and what it shows of own properties that can be cloned.
 * Another value goes as `structured` carries it. What cannot goes as the text that `util.inspect` gives it.
 */
export function encodeError(value: unknown): Uint8Array {
  try {
    return serialize(describe(value));
  } catch (cause) {
    return serialize({ root: `an error that could not be carried: ${String(cause)}`, nodes: [] });
  }
}

/** What `encodeError` was given, made anew; never throws, and keeps nothing of `bytes`. */
export function decodeError(bytes: Uint8Array): unknown {
  try {
    // A copy: what is read from it may be views on it.
    const { root, nodes } = deserialize(Uint8Array.prototype.slice.call(bytes)) as Description;
    return rebuild(root satisfies Carried, nodes);
  } catch (cause) {
    return new ChannelCodecError('an error came that could not be decoded', { cause });
  }
}
