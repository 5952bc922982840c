// millrace, many messages a call: trySendMany, and tryRecvMany, whose messages are views on a block that they share.
import { pauseOf } from '../../measure/backoff.mjs';
import { check } from '../../messages/payload.mjs';
import { Handful } from '../handful.mjs';
import { take } from './ends.mjs';

export { open } from './ends.mjs';

/** Messages of one receiving call, at most. */
const MOST = 256;

export function join(ends, scenario) {
  const { size } = scenario;
  const { tx, rx, close } = take(ends, scenario);
  const handful = new Handful(scenario);
  let pause;
  return {
    send(count) {
      for (let number = 0; number < count;) {
        let some = handful.stamped(number, count - number);
        number += some.length;
        while (some.length > 0) {
          const sent = tx.trySendMany(some);
          if (sent === 0) pause();
          some = sent === 0 ? some : some.slice(sent);
        }
      }
    },
    receive(count) {
      for (let number = 0; number < count;) {
        const some = rx.tryRecvMany(MOST);
        if (some.length === 0) pause();
        for (const bytes of some) check(bytes, number++, size);
      }
    },
    use(backoff) {
      pause = pauseOf(backoff);
    },
    close,
  };
}
