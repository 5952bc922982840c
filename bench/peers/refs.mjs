// millrace in place: sendRef and recvRef, blocking. Of each message only the number at its front and end is written.
import { check, stamp } from '../payload.mjs';
import { take } from './millrace-ends.mjs';

export { open } from './millrace-ends.mjs';

export function join(ends, scenario) {
  const { size } = scenario;
  const { tx, rx, close } = take(ends, { size: 0 });
  return {
    send(count) {
      for (let number = 0; number < count; number++) {
        const ref = tx.sendRef(size);
        stamp(ref.bytes, number);
        ref.sendSync();
      }
    },
    receive(count) {
      for (let number = 0; number < count; number++) {
        const ref = rx.recvRefSync();
        check(ref.bytes, number, size);
        ref[Symbol.dispose]();
      }
    },
    close,
  };
}
