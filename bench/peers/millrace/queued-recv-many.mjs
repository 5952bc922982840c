// millrace, queued messages by an awaited recvMany(256).
import { check } from '../../messages/payload.mjs';
import { player } from './queued.mjs';

export { open } from './queued.mjs';

export function join(ends, scenario) {
  const { size } = scenario;
  return player(ends, scenario, async (rx, count) => {
    for (let number = 0; number < count;) {
      for (const bytes of await rx.recvMany(256)) {
        check(bytes, number, size);
        number += 1;
      }
    }
  });
}
