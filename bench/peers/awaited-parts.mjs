// A player's parts, for peers whose calls are awaited; as in parts.mjs.
import { setTimeout as rest } from 'node:timers/promises';
import { LAST, check, stamp, stampFrom } from '../messages/payload.mjs';
import { Tally } from '../messages/tally.mjs';

/** `send(bytes)` and `receive()` answer promises; `each(take)` calls `take(bytes)` until that answers false. */
export function awaitedParts({ size, message, send, receive, each }) {
  return {
    async send(count) {
      for (let number = 0; number < count; number++) {
        stamp(message, number);
        await send(message);
      }
    },
    receive(count) {
      let number = 0;
      return each((bytes) => {
        check(bytes, number, size);
        number += 1;
        return number < count;
      });
    },
    async ping(count, { gap }) {
      const samples = new Float64Array(count);
      for (let number = 0; number < count; number++) {
        if (gap > 0) await rest(gap);
        stamp(message, number);
        const began = performance.now();
        await send(message);
        const answer = await receive();
        samples[number] = performance.now() - began;
        check(answer, number, size);
      }
      return samples;
    },
    async pong(count) {
      for (let number = 0; number < count; number++) {
        const bytes = await receive();
        check(bytes, number, size);
        await send(bytes);
      }
    },
    async produce(count, { team }) {
      for (let number = 0; number < count; number++) {
        stampFrom(message, number, team.index);
        await send(message);
      }
      if (Atomics.sub(team.sending, 0, 1) !== 1) return;
      stamp(message, LAST);
      for (let receiver = 0; receiver < team.receivers; receiver++) await send(message);
    },
    async consume(count, { team }) {
      const tally = new Tally(team.senders, size);
      await each((bytes) => tally.take(bytes));
      return tally.told();
    },
  };
}
