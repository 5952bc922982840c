/**
 * What `'json'` must not make `{}` of: a handle, a ref, a batch. They have `toJSON`, which `JSON.stringify` asks, and
 * which refuses while a codec encodes; at other times, as for a logger, they are `{}` as ever.
 */
import { refused } from '../errors/misuse.js';

let isEncoding = false;

/** Runs `JSON.stringify` for a message, in which there must be no handle. */
export function refusingHandles<R>(stringify: () => R): R {
  // An encoding within this one, by a `toJSON` of the caller's, ends before it.
  const before = isEncoding;
  isEncoding = true;
  try {
    return stringify();
  } finally {
    isEncoding = before;
  }
}

/** What `toJSON` of such a thing does; `what` it is. */
export function shownAsJson(what: string): object {
  if (isEncoding) throw refused(`JSON cannot carry a ${what}: post transfer(handle), and attach() it there`);
  return {};
}
