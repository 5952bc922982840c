// millrace awaited over several channels: one thread sends over them in turn, another iterates over all of them at once.
import { attach, bounded, transfer } from 'millrace';
import { check, stamp } from '../messages/payload.mjs';

export function open({ window }, { channels }) {
  const pairs = Array.from({ length: channels }, () => bounded(window));
  return [{ ends: transfer(pairs.map(([tx]) => tx)) }, { ends: transfer(pairs.map(([, rx]) => rx)) }];
}

export function join(ends, { size }, { channels }) {
  const mine = attach(ends);
  const message = new Uint8Array(size);
  const receive = async (rx, first, count) => {
    if (first >= count) return;
    let number = first;
    for await (const bytes of rx) {
      check(bytes, number, size);
      number += channels;
      if (number >= count) return;
    }
  };
  return {
    async send(count) {
      for (let number = 0; number < count; number++) {
        stamp(message, number);
        await mine[number % channels].send(message);
      }
    },
    receive: (count) => Promise.all(mine.map((rx, first) => receive(rx, first, count))),
    close() {
      for (const end of mine) end.close();
    },
  };
}
