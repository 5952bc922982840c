// postMessage, copied, for a team: it has no queue that several receivers share, so every sender deals its messages out
// to the receivers in turn, over a port for each.
import { MessageChannel } from 'node:worker_threads';
import { LAST, numberOf, stamp, stampFrom } from '../../messages/payload.mjs';
import { Tally } from '../../messages/tally.mjs';
import { Credit } from './ends.mjs';

export function openTeam({ senders, receivers }) {
  const lines = Array.from({ length: senders }, () =>
    Array.from({ length: receivers }, () => {
      const { port1, port2 } = new MessageChannel();
      return { port1, port2, taken: new Int32Array(new SharedArrayBuffer(4)) };
    }),
  );
  const side = (ends) => ({ ends, transferList: ends.map(({ port }) => port) });
  return {
    senders: lines.map((line) => side(line.map(({ port1, taken }) => ({ port: port1, taken })))),
    receivers: Array.from({ length: receivers }, (_, receiver) =>
      side(lines.map((line) => ({ port: line[receiver].port2, taken: line[receiver].taken }))),
    ),
  };
}

export function join(ends, { size, window, senders, receivers }) {
  const share = Math.max(1, Math.floor(window / (senders * receivers)));
  const credits = ends.map(({ taken }) => new Credit(taken, share));
  const message = new Uint8Array(size);
  return {
    produce(count, { team }) {
      for (let number = 0; number < count; number++) {
        const line = number % ends.length;
        credits[line].spend();
        stampFrom(message, number, team.index);
        ends[line].port.postMessage(message);
      }
      stamp(message, LAST);
      for (const [line, { port }] of ends.entries()) {
        credits[line].spend();
        port.postMessage(message);
      }
    },
    consume(count, { team }) {
      const tally = new Tally(team.senders, size);
      let open = ends.length;
      return new Promise((resolve, reject) => {
        for (const [line, { port }] of ends.entries()) {
          const onMessage = (bytes) => {
            try {
              tally.take(bytes);
            } catch (error) {
              reject(error);
              return;
            }
            credits[line].give();
            if (numberOf(bytes) !== LAST) return;
            port.off('message', onMessage);
            open -= 1;
            if (open === 0) resolve(tally.told());
          };
          port.on('message', onMessage);
        }
      });
    },
    close() {
      for (const { port } of ends) port.close();
    },
  };
}
