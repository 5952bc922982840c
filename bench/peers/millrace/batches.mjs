// millrace awaited, many messages a step: sendMany, and for await over batches().
import { check } from '../../messages/payload.mjs';
import { Handful } from '../handful.mjs';
import { take } from './ends.mjs';

export { open } from './ends.mjs';

/** Messages of one step, at most. */
const MOST = 256;

export function join(ends, scenario) {
  const { size } = scenario;
  const { tx, rx, close } = take(ends, scenario);
  const handful = new Handful(scenario);
  return {
    async send(count) {
      for (let number = 0; number < count;) {
        number += await tx.sendMany(handful.stamped(number, count - number));
      }
    },
    receive: (count) => receiveBatches(rx, count, size),
    close,
  };
}

/** Checks `count` messages that come in batches. */
export async function receiveBatches(rx, count, size) {
  let number = 0;
  for await (const some of rx.batches(MOST)) {
    for (const bytes of some) check(bytes, number++, size);
    if (number === count) return;
  }
}
