// millrace read in place by recvRefSync: copied in once by sendSync, or written in place by sendRef, filled or not.
import { check } from '../../messages/payload.mjs';
import { take } from './ends.mjs';
import { parts } from '../parts.mjs';

export { open } from './ends.mjs';

export function join(ends, scenario, { written, filled = true }) {
  const { size } = scenario;
  const { tx, rx, message: source, close } = take(ends, scenario);
  let sent;
  let received;
  const inPlace = {
    message() {
      sent = tx.sendRef(size);
      const { bytes } = sent;
      if (filled) bytes.set(source);
      return bytes;
    },
    send: () => sent.sendSync(),
  };
  const copied = { message: () => source, send: (bytes) => tx.sendSync(bytes) };
  const receive = () => {
    received = rx.recvRefSync();
    return received.bytes;
  };
  return {
    ...parts({ size, ...(written ? inPlace : copied), receive, done: () => received[Symbol.dispose]() }),
    /** The answer is the message itself, in the same memory. */
    pong(count) {
      for (let number = 0; number < count; number++) {
        check(receive(), number, size);
        received.forwardSync(tx);
      }
    },
    close,
  };
}
