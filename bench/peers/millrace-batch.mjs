// millrace in batches, blocking: one block of many messages sent, 64 of them received at a time.
import { check, stamp } from '../payload.mjs';
import { take } from './millrace-ends.mjs';

export { open } from './millrace-ends.mjs';

export function join(ends, scenario) {
  const { tx, rx, message, close } = take(ends, scenario);
  const batch = tx.batch();
  return {
    send(count) {
      for (let number = 0; number < count; number++) {
        stamp(message, number);
        batch.sendSync(message);
      }
      batch.flushSync();
    },
    receive(count) {
      for (let number = 0; number < count;) {
        for (const bytes of rx.recvManySync(64)) {
          check(bytes, number, scenario.size);
          number += 1;
        }
      }
    },
    close() {
      batch.close();
      close();
    },
  };
}
