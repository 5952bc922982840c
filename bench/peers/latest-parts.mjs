// A player's parts over a latest value: written in place as fast as it goes, and read until the last one has come.
import { check, numberOf, stamp } from '../messages/payload.mjs';

export function latestParts(end, { size }) {
  return {
    write(count) {
      for (let number = 0; number < count; number++) {
        stamp(end.buffer, number);
        end.publish(size);
      }
    },
    /** Every value is whole, and newer than the one before; a run begins with a smaller one. */
    read(count) {
      let latest = -1;
      while (latest !== count - 1) {
        if (!end.update()) continue;
        const bytes = end.buffer;
        const number = numberOf(bytes);
        check(bytes, number, size);
        if (number <= latest) throw new Error(`Value ${number} came after ${latest}`);
        latest = number;
      }
    },
  };
}
