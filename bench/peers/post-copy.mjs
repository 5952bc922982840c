// postMessage without a transfer list: the engine copies.
import { check, stamp } from '../payload.mjs';
import { Credit, listen } from './post-ends.mjs';

export { open } from './post-ends.mjs';

export function join({ port, taken }, { size, window }) {
  const credit = new Credit(taken, window);
  const message = new Uint8Array(size);
  return {
    send(count) {
      for (let number = 0; number < count; number++) {
        credit.spend();
        stamp(message, number);
        port.postMessage(message);
      }
    },
    receive(count) {
      return listen(port, count, (bytes, number) => {
        check(bytes, number, size);
        credit.give();
      });
    },
    ping(count) {
      stamp(message, 0);
      port.postMessage(message);
      return listen(port, count, (bytes, number) => {
        check(bytes, number, size);
        if (number + 1 === count) return;
        stamp(message, number + 1);
        port.postMessage(message);
      });
    },
    pong(count) {
      return listen(port, count, (bytes, number) => {
        check(bytes, number, size);
        port.postMessage(bytes);
      });
    },
    close: () => port.close(),
  };
}
