// millrace with blocking calls into memory that is used again: sendSync and recvIntoSync.
import { take } from './millrace-ends.mjs';
import { blocking } from './blocking.mjs';

export { open } from './millrace-ends.mjs';

export function join(ends, scenario) {
  const { size } = scenario;
  const { tx, rx, message, close } = take(ends, scenario);
  const target = new Uint8Array(size);
  const receive = () => {
    const length = rx.recvIntoSync(target);
    return length === size ? target : target.subarray(0, length);
  };
  return { ...blocking(tx, receive, message, size), close };
}
