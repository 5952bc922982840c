// millrace, messages packed into blocks by sender.batch() and read as views: tried again and again, blocking, or awaited.
import { pauseOf } from '../../measure/backoff.mjs';
import { check, stamp } from '../../messages/payload.mjs';
import { receiveBatches } from './batches.mjs';
import { take } from './ends.mjs';

export { open } from './ends.mjs';

/** Messages of one receiving call, at most. */
const MOST = 256;

export function join(ends, scenario, { wait }) {
  const { size } = scenario;
  const { tx, rx, message, close } = take(ends, scenario);
  const batch = tx.batch();
  let pause;
  const checkAll = (some, number) => {
    for (let index = 0; index < some.length; index++) check(some[index], number + index, size);
    return some.length;
  };
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
        number += checkAll(some, number);
      }
    },
  };
  const blocking = {
    send(count) {
      for (let number = 0; number < count; number++) {
        stamp(message, number);
        batch.sendSync(message);
      }
      batch.flushSync();
    },
    receive(count) {
      for (let number = 0; number < count;) number += checkAll(rx.recvManySync(MOST), number);
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
    ...{ try: trying, block: blocking, await: awaiting }[wait],
    use(backoff) {
      pause = pauseOf(backoff);
    },
    close() {
      batch.close();
      close();
    },
  };
}
