// millrace one by one: `wait` says whether calls are tried again until they succeed or block, `fresh` whether every
// message has memory of its own on both sides, `into` whether it is received into the same memory again.
import { pauseOf } from '../../measure/backoff.mjs';
import { take } from './ends.mjs';
import { parts } from '../parts.mjs';

export { open, openTeam } from './ends.mjs';

export function join(ends, { size, window }, { wait, fresh = false, into = false }) {
  const { tx, rx, message, close } = take(ends, { size, window });
  const target = new Uint8Array(size);
  const whole = (length) => (length === size ? target : target.subarray(0, length));
  let pause;

  const sends = {
    try: (bytes) => {
      while (!tx.trySend(bytes)) pause();
    },
    block: (bytes) => tx.sendSync(bytes),
  };
  const receives = {
    tryInto: () => {
      let length = rx.tryRecvInto(target);
      while (length === -1) {
        pause();
        length = rx.tryRecvInto(target);
      }
      return whole(length);
    },
    try: () => {
      let bytes = rx.tryRecv();
      while (bytes === undefined) {
        pause();
        bytes = rx.tryRecv();
      }
      return bytes;
    },
    blockInto: () => whole(rx.recvIntoSync(target)),
    block: () => rx.recvSync(),
  };
  return {
    ...parts({
      size,
      message: fresh ? () => new Uint8Array(size) : () => message,
      send: sends[wait],
      receive: receives[into ? `${wait}Into` : wait],
    }),
    use(backoff) {
      pause = pauseOf(backoff);
    },
    close,
  };
}
