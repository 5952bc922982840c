// The law table's rows with other verbs: what is sent is written in place, what is received is read there, or in memory of the caller's.
import type { BytesLike, Options, Receiver, RecvRef, Sender, SendRef } from 'millrace';
import { bounded, broadcast, channel, syncChannel, unbounded } from 'millrace';
import { opens, type Row, rows } from '../laws/rows';

export type Verbs = Record<PropertyKey, (...args: never[]) => unknown>;

/** The handle `end` with other verbs in place of its own. */
export function speaking<E extends object>(end: E, verbs: Verbs): E {
  return new Proxy(end, {
    get(target, key) {
      if (Object.hasOwn(verbs, key)) return verbs[key];
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** The handles behind those that speak. */
export const real = new WeakMap<object, object>();

function written(tx: Sender<BytesLike>, value: number): SendRef {
  const ref = tx.sendRef(8);
  new DataView(ref.bytes.buffer).setFloat64(0, value);
  return ref;
}

export function read(ref: RecvRef | undefined): number | undefined {
  if (ref === undefined) return undefined;
  const value = new DataView(ref.bytes.buffer).getFloat64(0);
  ref[Symbol.dispose]();
  return value;
}

function sender(tx: Sender<BytesLike>): Sender<number> {
  const verbs: Verbs = {
    trySend(value: number) {
      const ref = written(tx, value);
      const accepted = ref.trySend();
      ref[Symbol.dispose]();
      return accepted;
    },
    async send(value: number, wait?: { timeout: number }) {
      const ref = written(tx, value);
      try {
        return await ref.send(8, wait);
      } finally {
        ref[Symbol.dispose]();
      }
    },
    sendSync(value: number, wait?: { timeout: number }) {
      const ref = written(tx, value);
      try {
        return ref.sendSync(undefined, wait);
      } finally {
        ref[Symbol.dispose]();
      }
    },
    clone: () => sender(tx.clone()),
    sameChannel: (other: object) => tx.sameChannel((real.get(other) ?? other) as Sender<BytesLike>),
  };
  const speaker = speaking(tx, verbs) as unknown as Sender<number>;
  real.set(speaker, tx);
  return speaker;
}

function receiver(rx: Receiver<Uint8Array>): Receiver<number> {
  const verbs: Verbs = {
    tryRecv: () => read(rx.tryRecvRef()),
    recv: (wait?: { timeout: number }) => rx.recvRef(wait).then(read),
    recvSync: (wait?: { timeout: number }) => read(rx.recvRefSync(wait)),
    clone: () => receiver(rx.clone()),
  };
  const speaker = speaking(rx, verbs) as unknown as Receiver<number>;
  real.set(speaker, rx);
  return speaker;
}

/** As `receiver`, with memory of the caller's for each receive. */
function intoReceiver(rx: Receiver<Uint8Array>): Receiver<number> {
  const target = () => new DataView(new ArrayBuffer(8));
  const into = (view: DataView) => new Uint8Array(view.buffer as ArrayBuffer);
  const told = (view: DataView, length: number) => (length === 8 ? view.getFloat64(0) : undefined);
  const verbs: Verbs = {
    tryRecv() {
      const view = target();
      return told(view, rx.tryRecvInto(into(view)));
    },
    recv(wait?: { timeout: number }) {
      const view = target();
      return rx.recvInto(into(view), wait).then((length) => told(view, length));
    },
    recvSync(wait?: { timeout: number }) {
      const view = target();
      return told(view, rx.recvIntoSync(into(view), wait));
    },
    clone: () => intoReceiver(rx.clone()),
  };
  const speaker = speaking(rx, verbs) as unknown as Receiver<number>;
  real.set(speaker, rx);
  return speaker;
}

export type Made = [Sender<BytesLike>, Receiver<Uint8Array>];

export function made(flavor: string, capacity: number, options?: Options): unknown {
  switch (flavor) {
    case 'bounded':
      return bounded(capacity, options);
    case 'sync':
      return syncChannel(capacity, options);
    case 'unbounded':
      return unbounded(options);
    case 'channel':
      return channel(options);
    case 'broadcast':
      return broadcast(capacity, options);
    default:
      throw new Error(`No maker for ${flavor}`);
  }
}

const speaks =
  (how: string, receiving: typeof receiver) =>
  (plain: Row): Row => ({
    ...plain,
    name: `${plain.name} ${how}`,
    open(options) {
      const [tx, rx] = made(plain.flavor, plain.capacity, options) as Made;
      return opens([sender(tx), receiving(rx)]);
    },
  });

/** Leases and messages with contexts are not read in place, nor received into memory. */
const plainly = rows.filter(({ leased, bytes }) => !leased && bytes === 8);

export const rowsInPlace: readonly Row[] = plainly.map(speaks('in place', receiver));
export const rowsInto: readonly Row[] = plainly.map(speaks('into memory', intoReceiver));
