// The messages of one call that sends many, in memory that is used again.
import { stamp } from '../messages/payload.mjs';

/** The most messages of a call; fewer where they are long. */
const MOST = 64;

export class Handful {
  constructor({ size, window }) {
    this.messages = Array.from({ length: Math.min(MOST, window >> 1) }, () => new Uint8Array(size));
  }

  /** The messages from `number` on, at most `rest`. */
  stamped(number, rest) {
    const { messages } = this;
    const length = Math.min(messages.length, rest);
    for (let index = 0; index < length; index++) stamp(messages[index], number + index);
    return length === messages.length ? messages : messages.slice(0, length);
  }
}
