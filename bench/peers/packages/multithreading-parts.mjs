// What the tasks of npm's multithreading do: send numbered strings, and check them.
import { checkText, numberOfText, textOf } from './text.mjs';

/** Which sender a message is from: what it is filled with says it. */
const SENDER_AT = 4;
/** What the last message is filled with. */
const LAST = String.fromCharCode(0x7f);

export async function send(tx, { blocking, size, count, sides, index }, left) {
  const filling = String.fromCharCode(index).repeat(size);
  const give = blocking ? (text) => tx.blockingSend(text) : (text) => tx.send(text);
  const began = Number(process.hrtime.bigint());
  for (let number = 0; number < count; number++) {
    const result = blocking ? give(textOf(number, filling)) : await give(textOf(number, filling));
    if (!result.ok) throw result.error;
  }
  const guard = await left.lock();
  guard.value[0] -= 1;
  const isLast = guard.value[0] === 0;
  guard.dispose();
  if (isLast) {
    const last = LAST.repeat(size);
    for (let receiver = 0; receiver < sides.receivers; receiver++) {
      if (blocking) give(last);
      else await give(last);
    }
  }
  return { began };
}

export async function receive(rx, { blocking, size, sides }) {
  const counts = Array.from({ length: sides.senders }, () => 0);
  const latest = Array.from({ length: sides.senders }, () => -1);
  for (;;) {
    const result = blocking ? rx.blockingRecv() : await rx.recv();
    if (!result.ok) throw result.error;
    const text = result.value;
    const sender = text.charCodeAt(SENDER_AT);
    if (text.length !== size) throw new Error(`Expected ${size} characters, received ${text.length}`);
    if (sender === LAST.charCodeAt(0)) return { ended: Number(process.hrtime.bigint()), counts };
    const expected = sides.receivers === 1 ? latest[sender] + 1 : undefined;
    const number = checkText(text, 0, expected ?? later(text, latest[sender]), size);
    latest[sender] = number;
    counts[sender] += 1;
  }
}

/** The number of a message, which must come after the latest of its sender. */
function later(text, latest) {
  const number = numberOfText(text, 0);
  if (number > latest) return number;
  throw new Error(`Message ${number} came after ${latest}`);
}
