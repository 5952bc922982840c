// A player's parts, for peers whose calls answer at once or block: they differ only in how one message goes and comes.
import { LAST, check, stamp, stampFrom } from '../messages/payload.mjs';
import { Tally } from '../messages/tally.mjs';

const cell = new Int32Array(new SharedArrayBuffer(4));
const nothing = () => undefined;

/**
 * `message()` answers the memory to write the next one to, `send(bytes)` sends it, `receive()` answers the next one's
 * bytes, which are good until `done()`.
 */
export function parts({ size, message, send, receive, done = nothing }) {
  return {
    send(count) {
      for (let number = 0; number < count; number++) {
        const bytes = message();
        stamp(bytes, number);
        send(bytes);
      }
    },
    receive(count) {
      for (let number = 0; number < count; number++) {
        check(receive(), number, size);
        done();
      }
    },
    /** Milliseconds of each round trip; `gap`: milliseconds of rest before each. */
    ping(count, { gap }) {
      const samples = new Float64Array(count);
      for (let number = 0; number < count; number++) {
        if (gap > 0) Atomics.wait(cell, 0, 0, gap);
        const bytes = message();
        stamp(bytes, number);
        const began = performance.now();
        send(bytes);
        const answer = receive();
        samples[number] = performance.now() - began;
        check(answer, number, size);
        done();
      }
      return samples;
    },
    pong(count) {
      for (let number = 0; number < count; number++) {
        const bytes = receive();
        check(bytes, number, size);
        send(bytes);
        done();
      }
    },
    /** One of several senders; the one that ends last tells every receiver. */
    produce(count, { team }) {
      for (let number = 0; number < count; number++) {
        const bytes = message();
        stampFrom(bytes, number, team.index);
        send(bytes);
      }
      if (Atomics.sub(team.sending, 0, 1) !== 1) return;
      for (let receiver = 0; receiver < team.receivers; receiver++) {
        const bytes = message();
        stamp(bytes, LAST);
        send(bytes);
      }
    },
    consume(count, { team }) {
      const tally = new Tally(team.senders, size);
      while (tally.take(receive())) done();
      done();
      return tally.told();
    },
  };
}
