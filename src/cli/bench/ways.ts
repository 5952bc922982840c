/** The ways in which a message goes from thread to thread: what their ends are, and how they are used. */
import { MessageChannel, type MessagePort } from 'node:worker_threads';

import { type Receiver, type Sender, type Transferred, attach, bounded, transfer } from '../../index';
import { check, stamp } from './payload';

/** One worker's part: carries so many messages. */
export type Part = (count: number) => void | Promise<void>;

/** What a worker is given to make its part of. */
export interface Given {
  readonly ends: unknown;
  readonly transferList?: readonly MessagePort[];
}

export interface Way {
  readonly title: string;
  /** The ends of the sending worker and of the receiving one, for so many messages under way. */
  open(window: number): readonly [sending: Given, receiving: Given];
  send(ends: unknown, size: number, window: number): Part;
  receive(ends: unknown, size: number): Part;
}

type Sending = Transferred<Sender<Uint8Array>>;
type Receiving = Transferred<Receiver<Uint8Array>>;

function openChannel(window: number): readonly [Given, Given] {
  const [tx, rx] = bounded(window);
  return [{ ends: transfer(tx) }, { ends: transfer(rx) }];
}

const blocking: Way = {
  title: 'millrace sendSync / recvIntoSync',
  open: openChannel,
  send(ends, size) {
    const tx = attach(ends as Sending);
    const message = new Uint8Array(size);
    return (count) => {
      for (let number = 0; number < count; number++) {
        stamp(message, number);
        tx.sendSync(message);
      }
    };
  },
  receive(ends, size) {
    const rx = attach(ends as Receiving);
    const target = new Uint8Array(size);
    return (count) => {
      for (let number = 0; number < count; number++) {
        const length = rx.recvIntoSync(target);
        check(length === size ? target : target.subarray(0, length), number, size);
      }
    };
  },
};

const awaited: Way = {
  title: 'millrace send / for await',
  open: openChannel,
  send(ends, size) {
    const tx = attach(ends as Sending);
    const message = new Uint8Array(size);
    return async (count) => {
      for (let number = 0; number < count; number++) {
        stamp(message, number);
        await tx.send(message);
      }
    };
  },
  receive(ends, size) {
    const rx = attach(ends as Receiving);
    return async (count) => {
      let number = 0;
      for await (const bytes of rx) {
        check(bytes, number, size);
        number += 1;
        if (number === count) return;
      }
    };
  },
};

/** A port, and in shared memory how many messages have been taken: `postMessage` itself never refuses one. */
interface Line {
  readonly port: MessagePort;
  readonly taken: Int32Array;
}

function openLine(): readonly [Given, Given] {
  const { port1, port2 } = new MessageChannel();
  const taken = new Int32Array(new SharedArrayBuffer(4));
  return [
    { ends: { port: port1, taken }, transferList: [port1] },
    { ends: { port: port2, taken }, transferList: [port2] },
  ];
}

function receiveOnPort(ends: unknown, size: number): Part {
  const { port, taken } = ends as Line;
  return (count) =>
    new Promise((resolve, reject) => {
      let number = 0;
      const take = (bytes: Uint8Array): void => {
        try {
          check(bytes, number, size);
        } catch (error) {
          reject(error);
          return;
        }
        Atomics.add(taken, 0, 1);
        Atomics.notify(taken, 0);
        number += 1;
        if (number < count) return;
        port.off('message', take);
        resolve();
      };
      port.on('message', take);
    });
}

function post(title: string, give: (port: MessagePort, message: Uint8Array) => void): Way {
  return {
    title,
    open: openLine,
    send(ends, size, window) {
      const { port, taken } = ends as Line;
      const message = new Uint8Array(size);
      let sent = 0;
      return (count) => {
        for (let number = 0; number < count; number++) {
          for (let seen = Atomics.load(taken, 0); sent - seen >= window; seen = Atomics.load(taken, 0)) {
            Atomics.wait(taken, 0, seen);
          }
          sent += 1;
          stamp(message, number);
          give(port, message);
        }
      };
    },
    receive: receiveOnPort,
  };
}

export const ways = {
  blocking,
  awaited,
  copied: post('postMessage, copied', (port, message) => port.postMessage(message)),
  transferred: post('postMessage, transferred', (port, message) => {
    const bytes = message.slice();
    port.postMessage(bytes, [bytes.buffer]);
  }),
} as const satisfies Record<string, Way>;

export type WayName = keyof typeof ways;
