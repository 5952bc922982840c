// millrace with several senders and receivers, blocking, on one channel that waits or drops when it is full.
import { attach, bounded, transfer } from 'millrace';
import { check, stamp } from '../../messages/payload.mjs';

const PRODUCERS = 4;
const CONSUMERS = 2;
/** Milliseconds between two looks whether it is over, when nothing comes. */
const LOOK = 5;

export function open({ window }, { overflow }) {
  const [tx, rx] = bounded(window, { overflow });
  const over = new Int32Array(new SharedArrayBuffer(4));
  const watch = rx.clone();
  const hand = (end) => transfer({ end: end.clone(), over });
  const producers = Array.from({ length: PRODUCERS }, () => hand(tx));
  const consumers = Array.from({ length: CONSUMERS }, () => hand(rx));
  tx.close();
  rx.close();
  return { producers, consumers, over, watch };
}

export function join(ends, { size }) {
  const { end, over } = attach(ends);
  const message = new Uint8Array(size);
  return {
    produce(count) {
      for (let number = 0; number < count; number++) {
        stamp(message, number);
        end.sendSync(message);
      }
    },
    consume() {
      for (;;) {
        const bytes = end.recvSync({ timeout: LOOK });
        if (bytes !== undefined) {
          check(bytes, bytes[0] | (bytes[1] << 8) | (bytes[2] << 16) | (bytes[3] << 24), size);
        } else if (Atomics.load(over, 0) === 1) {
          return;
        }
      }
    },
    close: () => end.close(),
  };
}
