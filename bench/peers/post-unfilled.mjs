// postMessage with a transfer list: a new buffer for every message, of which only the number at its front and end is written.
import { check, stamp } from '../payload.mjs';
import { Credit, listen } from './post-ends.mjs';

export { open } from './post-ends.mjs';

export function join({ port, taken }, { size, window }) {
  const credit = new Credit(taken, window);
  return {
    send(count) {
      for (let number = 0; number < count; number++) {
        credit.spend();
        const bytes = new Uint8Array(size);
        stamp(bytes, number);
        port.postMessage(bytes, [bytes.buffer]);
      }
    },
    receive(count) {
      return listen(port, count, (bytes, number) => {
        check(bytes, number, size);
        credit.give();
      });
    },
    close: () => port.close(),
  };
}
