// Our own JavaScript rings one by one: `wait` says whether calls are tried again until they succeed or sleep in
// Atomics.wait, `take` whether a message is copied into the same memory again, comes fresh, or is read in place.
import { pauseOf, triesOf } from '../../measure/backoff.mjs';
import { parts } from '../parts.mjs';
import { take as takeEnds } from './ends.mjs';

export { open, openTeam } from './ends.mjs';

export function join(ends, { size }, { ring, wait, take }) {
  const { tx, rx, close } = takeEnds(ends, { ring });
  const message = new Uint8Array(size);
  const target = new Uint8Array(size);
  let pause;
  let tries;

  const whole = (length) => (length === size ? target : target.subarray(0, length));
  /** What answers the next message or `nothing`, and what frees it. */
  const taking = {
    into: { nothing: -1, attempt: () => rx.ring.popInto(target), give: whole },
    fresh: { nothing: undefined, attempt: () => rx.ring.pop(), give: (bytes) => bytes },
    place: {
      nothing: 0,
      attempt: () => rx.ring.ready(),
      give: () => rx.ring.read(0),
      done: () => rx.ring.release(1),
    },
  }[take];
  const { nothing, attempt, give, done = () => undefined } = taking;

  const waits = {
    try: {
      send(bytes) {
        while (!tx.ring.push(bytes)) pause();
      },
      receive() {
        let found = attempt();
        while (found === nothing) {
          pause();
          found = attempt();
        }
        return give(found);
      },
      done,
    },
    sleep: {
      send(bytes) {
        if (!tx.ring.push(bytes)) tx.room.until(false, tries, () => tx.ring.push(bytes));
        tx.messages.ring();
      },
      receive() {
        let found = attempt();
        if (found === nothing) found = rx.messages.until(nothing, tries, attempt);
        return give(found);
      },
      done() {
        done();
        rx.room.ring();
      },
    },
  };
  return {
    ...parts({
      size,
      message: take === 'fresh' ? () => new Uint8Array(size) : () => message,
      ...waits[wait],
    }),
    use(backoff) {
      pause = pauseOf(backoff);
      tries = triesOf(backoff);
    },
    close,
  };
}
