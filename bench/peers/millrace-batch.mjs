// millrace, messages packed into blocks by sender.batch() and read as views: tried again and again, or awaited.
import { pauseOf } from '../backoff.mjs';
import { check, stamp } from '../payload.mjs';
import { receiveBatches } from './millrace-batches.mjs';
import { take } from './millrace-ends.mjs';

export { open } from './millrace-ends.mjs';

/** Messages of one receiving call, at most. */
const MOST = 256;

export function join(ends, scenario, { awaited }) {
  const { size } = scenario;
  const { tx, rx, message, close } = take(ends, scenario);
  const batch = tx.batch();
  let pause;
  const trying = {
    send(count) {
      for (let number = 0; number < count; number++) {
        stamp(message, number);
        while (!batch.trySend(message)) pause();
      }
      batch.flushSync();
    },
    receive(count) {
      for (let number = 0; number < count;) {
        const some = rx.tryRecvMany(MOST);
        if (some.length === 0) pause();
        for (const bytes of some) check(bytes, number++, size);
      }
    },
  };
  const awaiting = {
    async send(count) {
      for (let number = 0; number < count; number++) {
        stamp(message, number);
        await batch.send(message);
      }
      await batch.flush();
    },
    receive: (count) => receiveBatches(rx, count, size),
  };
  return {
    ...(awaited ? awaiting : trying),
    use(backoff) {
      pause = pauseOf(backoff);
    },
    close() {
      batch.close();
      close();
    },
  };
}
