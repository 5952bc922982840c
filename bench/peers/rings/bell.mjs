// Our own SPSC ring awaited in event loops: published many at once, all that is there read in place, and a message on a
// port rings whoever said that it sleeps. Before it sleeps a side polls for some turns of its loop.
import { check, stamp } from '../../messages/payload.mjs';
import { Doorbell } from '../../rings/doorbell.mjs';
import { take } from './ends.mjs';

export { open } from './ends.mjs';

/** Messages that are published at once; fewer where the ring is short. */
const MOST = 64;
/** Turns of the loop that a side polls before it sleeps, as the search names them. */
const turnsOf = { none: 0, short: 10, long: 100, nap: 300 };

export function join(ends, { size, window }, settings) {
  const { tx, rx, port, close } = take(ends, settings);
  const message = new Uint8Array(size);
  const batch = Math.min(MOST, window >> 1);
  const bell = new Doorbell(port);
  const room = () => tx.ring.free(0) !== undefined;
  const messages = () => rx.ring.ready() > 0;
  let turns;

  const publish = (count) => {
    tx.ring.publish(count);
    bell.ring(tx.messages.events);
  };
  const push = (number) => {
    stamp(message, number);
    const slot = tx.ring.free(0);
    slot.set(message);
    tx.ring.written(0, size);
    publish(1);
  };
  const next = async (number) => {
    if (!messages()) await bell.until(rx.messages.events, turns, messages);
    check(rx.ring.read(0), number, size);
    rx.ring.release(1);
  };
  return {
    async send(count) {
      let ahead = 0;
      for (let number = 0; number < count; number++) {
        let slot = tx.ring.free(ahead);
        while (slot === undefined) {
          if (ahead > 0) publish(ahead);
          ahead = 0;
          await bell.until(tx.room.events, turns, room);
          slot = tx.ring.free(0);
        }
        stamp(message, number);
        slot.set(message);
        tx.ring.written(ahead, size);
        ahead += 1;
        if (ahead < batch) continue;
        publish(ahead);
        ahead = 0;
      }
      if (ahead > 0) publish(ahead);
    },
    async receive(count) {
      for (let number = 0; number < count;) {
        await bell.until(rx.messages.events, turns, messages);
        const ready = rx.ring.ready();
        for (let ahead = 0; ahead < ready; ahead++) check(rx.ring.read(ahead), number++, size);
        rx.ring.release(ready);
        bell.ring(rx.room.events);
      }
    },
    async ping(count, { gap }) {
      const samples = new Float64Array(count);
      for (let number = 0; number < count; number++) {
        if (gap > 0) await new Promise((resolve) => setTimeout(resolve, gap));
        const began = performance.now();
        push(number);
        await next(number);
        samples[number] = performance.now() - began;
      }
      return samples;
    },
    async pong(count) {
      for (let number = 0; number < count; number++) {
        await next(number);
        push(number);
      }
    },
    use(backoff) {
      turns = turnsOf[backoff];
    },
    close,
  };
}
