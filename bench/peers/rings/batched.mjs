// Our own SPSC ring at its fastest: written in its slots, published many at once, all that is there read in place.
import { pauseOf } from '../../measure/backoff.mjs';
import { check, stamp } from '../../messages/payload.mjs';
import { take } from './ends.mjs';

export { open } from './ends.mjs';

/** Messages that are published at once; fewer where the ring is short. */
const MOST = 64;

export function join(ends, { size, window }, settings) {
  const { tx, rx, close } = take(ends, settings);
  const message = new Uint8Array(size);
  const batch = Math.min(MOST, window >> 1);
  let pause;
  return {
    send(count) {
      const { ring } = tx;
      let ahead = 0;
      for (let number = 0; number < count; number++) {
        let slot = ring.free(ahead);
        while (slot === undefined) {
          if (ahead > 0) ring.publish(ahead);
          else pause();
          ahead = 0;
          slot = ring.free(0);
        }
        stamp(message, number);
        slot.set(message);
        ring.written(ahead, size);
        ahead += 1;
        if (ahead < batch) continue;
        ring.publish(ahead);
        ahead = 0;
      }
      if (ahead > 0) ring.publish(ahead);
    },
    receive(count) {
      const { ring } = rx;
      for (let number = 0; number < count;) {
        const ready = ring.ready();
        if (ready === 0) pause();
        for (let ahead = 0; ahead < ready; ahead++) check(ring.read(ahead), number++, size);
        if (ready > 0) ring.release(ready);
      }
    },
    use(backoff) {
      pause = pauseOf(backoff);
    },
    close,
  };
}
