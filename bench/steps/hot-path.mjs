// The calls that carry a message, one side at a time: the queue is filled or emptied in between.
import { bounded } from 'millrace';
import { CALLS } from './calls.mjs';

const CAPACITY = 4 * CALLS;

export const hotPath = [
  ...[
    { label: '64 B', size: 64 },
    { label: '1 KiB', size: 1024 },
  ].flatMap(({ label, size }) => [
    sends(`trySend ${label}`, size, (tx, message) => () => tx.trySend(message)),
    receives(`tryRecvInto ${label}`, size, (rx) => {
      const target = new Uint8Array(size);
      return () => rx.tryRecvInto(target);
    }),
    receives(`tryRecv ${label}`, size, (rx) => () => rx.tryRecv()),
  ]),
  { ...sends('await send 64 B', 64, (tx, message) => () => tx.send(message)), awaited: true },
  { ...receives('await recv 64 B', 64, (rx) => () => rx.recv()), awaited: true },
  {
    ...receives('for await 64 B', 64, (rx) => {
      const steps = rx[Symbol.asyncIterator]();
      return () => steps.next();
    }),
    awaited: true,
  },
  many('trySendMany 64 B, a message', 64, (tx, rx, messages) => ({
    before: () => rx.tryRecvMany(CAPACITY),
    call: () => tx.trySendMany(messages),
  })),
  many('tryRecvMany 64 B, a message', 64, (tx, rx, messages) => ({
    before: () => tx.trySendMany(messages),
    call: () => rx.tryRecvMany(CALLS),
  })),
  sends('batch().trySend 64 B', 64, (tx, message) => {
    const batch = tx.batch();
    return () => batch.trySend(message);
  }),
];

function sends(name, size, verb) {
  return {
    name,
    open() {
      const [tx, rx] = bounded(CAPACITY);
      const call = verb(tx, new Uint8Array(size));
      const before = () => void rx.tryRecvMany(CAPACITY);
      return { call, before, close: closing(tx, rx) };
    },
  };
}

function receives(name, size, verb) {
  return {
    name,
    open() {
      const [tx, rx] = bounded(CAPACITY);
      const message = new Uint8Array(size);
      const call = verb(rx);
      const before = () => {
        for (let count = 0; count < CALLS; count++) tx.trySend(message);
      };
      return { call, before, close: closing(tx, rx) };
    },
  };
}

/** One call carries many: what a message of them costs. */
function many(name, size, make) {
  return {
    name,
    calls: 1,
    share: CALLS,
    open() {
      const [tx, rx] = bounded(CAPACITY);
      const messages = Array.from({ length: CALLS }, () => new Uint8Array(size));
      const { before, call } = make(tx, rx, messages);
      const after = () => void rx.tryRecvMany(CAPACITY);
      return { call, before: () => void before(), after, close: closing(tx, rx) };
    },
  };
}

function closing(tx, rx) {
  return () => {
    tx.close();
    rx.close();
  };
}
