// postMessage with a transfer list: a new buffer for every message, filled by set() from the sender's data, or not filled.
// In ping-pong the one buffer goes to and fro, and is filled again each time it is back.
import { check, stamp } from '../../messages/payload.mjs';
import { Credit, listen } from './ends.mjs';

export { open } from './ends.mjs';

export function join({ port, taken }, { size, window }, { filled = true }) {
  const credit = new Credit(taken, window);
  const data = new Uint8Array(size);
  const post = (bytes, number) => {
    if (filled) bytes.set(data);
    stamp(bytes, number);
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
    async ping(count) {
      const samples = new Float64Array(count);
      let began = performance.now();
      const all = listen(port, count, (bytes, number) => {
        samples[number] = performance.now() - began;
        check(bytes, number, size);
        if (number + 1 === count) return;
        began = performance.now();
        post(bytes, number + 1);
      });
      post(new Uint8Array(size), 0);
      await all;
      return samples;
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
