// postMessage without a transfer list: the engine copies. Received by the message event.
import { setTimeout as rest } from 'node:timers/promises';
import { check, stamp } from '../../messages/payload.mjs';
import { Credit, listen } from './ends.mjs';

export { open } from './ends.mjs';

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
    async ping(count, { gap }) {
      const samples = new Float64Array(count);
      let began;
      const post = (number) => {
        stamp(message, number);
        began = performance.now();
        port.postMessage(message);
      };
      if (gap > 0) await rest(gap);
      const all = listen(port, count, (bytes, number) => {
        samples[number] = performance.now() - began;
        check(bytes, number, size);
        if (number + 1 === count) return;
        if (gap > 0) setTimeout(post, gap, number + 1);
        else post(number + 1);
      });
      post(0);
      await all;
      return samples;
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
