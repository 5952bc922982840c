// millrace read in place by recvRefSync: copied in once by sendSync, or written in place by sendRef, filled or not.
import { take } from './millrace-ends.mjs';
import { parts } from './parts.mjs';

export { open } from './millrace-ends.mjs';

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
  return {
    ...parts({
      size,
      ...(written ? inPlace : copied),
      receive() {
        received = rx.recvRefSync();
        return received.bytes;
      },
      done: () => received[Symbol.dispose](),
    }),
    close,
  };
}
