// What the peers share that receive what is queued already: who fills the channel, and with what.
import { attach, transfer, unbounded } from 'millrace';
import { stamp } from '../../messages/payload.mjs';

/** Messages of one call that fills. */
const HANDFUL = 256;

export function open() {
  const [tx, rx] = unbounded();
  return [{ ends: transfer(tx) }, { ends: transfer(rx) }];
}

/** One worker's part; `drain(rx, count)` receives. */
export function player(ends, { size }, drain) {
  const end = attach(ends);
  const messages = Array.from({ length: HANDFUL }, () => new Uint8Array(size));
  return {
    fill(count) {
      for (let sent = 0; sent < count;) {
        const some = messages.slice(0, Math.min(HANDFUL, count - sent));
        for (const [index, message] of some.entries()) stamp(message, sent + index);
        sent += end.trySendMany(some);
      }
    },
    drain: (count) => drain(end, count),
    close: () => end.close(),
  };
}
