// millrace one by one without waiting: trySend and tryRecvInto, called again until they succeed.
import { check, stamp } from '../payload.mjs';
import { take } from './millrace-ends.mjs';

export { open } from './millrace-ends.mjs';

export function join(ends, scenario) {
  const { size } = scenario;
  const { tx, rx, message, close } = take(ends, scenario);
  const target = new Uint8Array(size);
  const received = () => {
    let length = rx.tryRecvInto(target);
    while (length === -1) length = rx.tryRecvInto(target);
    return length === size ? target : target.subarray(0, length);
  };
  return {
    send(count) {
      for (let number = 0; number < count; number++) {
        stamp(message, number);
        while (!tx.trySend(message));
      }
    },
    receive(count) {
      for (let number = 0; number < count; number++) check(received(), number, size);
    },
    ping(count) {
      for (let number = 0; number < count; number++) {
        stamp(message, number);
        while (!tx.trySend(message));
        check(received(), number, size);
      }
    },
    pong(count) {
      for (let number = 0; number < count; number++) {
        const bytes = received();
        check(bytes, number, size);
        while (!tx.trySend(bytes));
      }
    },
    close,
  };
}
