// The four parts of a player whose receive blocks.
import { check, stamp } from '../payload.mjs';

export function blocking(tx, receive, message, size) {
  return {
    send(count) {
      for (let number = 0; number < count; number++) {
        stamp(message, number);
        tx.sendSync(message);
      }
    },
    receive(count) {
      for (let number = 0; number < count; number++) check(receive(), number, size);
    },
    ping(count) {
      for (let number = 0; number < count; number++) {
        stamp(message, number);
        tx.sendSync(message);
        check(receive(), number, size);
      }
    },
    pong(count) {
      for (let number = 0; number < count; number++) {
        const bytes = receive();
        check(bytes, number, size);
        tx.sendSync(bytes);
      }
    },
  };
}
