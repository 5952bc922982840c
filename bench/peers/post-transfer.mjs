// postMessage with a transfer list: a new buffer for every message, filled by set() from the sender's data.
// In ping-pong the one buffer goes to and fro, and is filled again each time it is back.
import { check, stamp } from '../payload.mjs';
import { Credit, listen } from './post-ends.mjs';

export { open } from './post-ends.mjs';

export function join({ port, taken }, { size, window }) {
  const credit = new Credit(taken, window);
  const data = new Uint8Array(size);
  const post = (bytes, number) => {
    stamp(data, number);
    bytes.set(data);
    port.postMessage(bytes, [bytes.buffer]);
  };
  return {
    send(count) {
      for (let number = 0; number < count; number++) {
        credit.spend();
        post(new Uint8Array(size), number);
      }
    },
    receive(count) {
      return listen(port, count, (bytes, number) => {
        check(bytes, number, size);
        credit.give();
      });
    },
    ping(count) {
      post(new Uint8Array(size), 0);
      return listen(port, count, (bytes, number) => {
        check(bytes, number, size);
        if (number + 1 < count) post(bytes, number + 1);
      });
    },
    pong(count) {
      return listen(port, count, (bytes, number) => {
        check(bytes, number, size);
        port.postMessage(bytes, [bytes.buffer]);
      });
    },
    close: () => port.close(),
  };
}
