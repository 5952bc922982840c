// millrace awaited one by one: send and for await, or recv where every message has an answer.
import { check, stamp } from '../payload.mjs';
import { take } from './millrace-ends.mjs';

export { open } from './millrace-ends.mjs';

export function join(ends, scenario) {
  const { size } = scenario;
  const { tx, rx, message, close } = take(ends, scenario);
  return {
    async send(count) {
      for (let number = 0; number < count; number++) {
        stamp(message, number);
        await tx.send(message);
      }
    },
    async receive(count) {
      let number = 0;
      for await (const bytes of rx) {
        check(bytes, number, size);
        number += 1;
        if (number === count) break;
      }
    },
    async ping(count) {
      for (let number = 0; number < count; number++) {
        stamp(message, number);
        await tx.send(message);
        check(await rx.recv(), number, size);
      }
    },
    async pong(count) {
      for (let number = 0; number < count; number++) {
        const bytes = await rx.recv();
        check(bytes, number, size);
        await tx.send(bytes);
      }
    },
    close,
  };
}
