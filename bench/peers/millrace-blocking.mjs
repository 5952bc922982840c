// millrace with blocking calls, every message in memory of its own: sendSync and recvSync.
import { take } from './millrace-ends.mjs';
import { blocking } from './blocking.mjs';

export { open } from './millrace-ends.mjs';

export function join(ends, scenario) {
  const { tx, rx, message, close } = take(ends, scenario);
  return { ...blocking(tx, () => rx.recvSync(), message, scenario.size), close };
}
