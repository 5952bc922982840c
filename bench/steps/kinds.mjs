// Leases beside the same channel without, and a watched value that has not changed.
import { bounded } from 'millrace';
import { isOffered, offered, takesOption } from '../who/offered.mjs';

const message = new Uint8Array(64);

const allLeases = [
  {
    name: 'no lease',
    title: '`trySend`, `tryRecv`, 64 B',
    open() {
      const [tx, rx] = bounded(1);
      return { call: () => tx.trySend(message) && rx.tryRecv(), close: closing(tx, rx) };
    },
  },
  {
    name: 'lease',
    title: '`trySend`, `tryRecv`, `ack`, 64 B',
    open() {
      const [tx, rx] = bounded(1, { ack: true });
      return { call: () => tx.trySend(message) && rx.tryRecv().ack(), close: closing(tx, rx) };
    },
  },
];

/** Both or none: one is there for the other. */
export const leases = takesOption('ack', true) ? allLeases : [];

const allWatched = [
  {
    name: 'watch get',
    title: '`get` of a watched value of 1 KiB, unchanged',
    open() {
      const [tx, rx] = offered.watch({ codec: 'bytes', initial: new Uint8Array(1024) });
      return { call: () => rx.get(), close: closing(tx, rx) };
    },
  },
];

export const watched = isOffered('watch') ? allWatched : [];

function closing(...ends) {
  return () => {
    for (const end of ends) end.close();
  };
}
