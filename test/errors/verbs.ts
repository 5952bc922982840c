// Every public verb of every handle of a channel: how it is called well, and how with an argument that is refused.
import {
  type BytesLike,
  type BatchWriter,
  bounded,
  broadcast,
  type BroadcastSender,
  type Caller,
  type Input,
  type LeaseReceiver,
  type Output,
  type Receiver,
  type RecvRef,
  type Responder,
  rpc,
  type Sender,
  type SendRef,
  tripleBuffer,
  watch,
  type WatchReceiver,
  type WatchSender,
} from 'millrace';

export const label = 'jobs';

/** `badly` is absent where nothing can be refused. */
type Verb<H> = readonly [verb: string, well: (handle: H) => unknown, badly?: (handle: H) => unknown];

/** A handle that is under test. */
interface Opened<H> {
  readonly handle: H;
  /** Makes it spent. */
  spend(): unknown;
  /** Closes the channel from the other side. */
  shut(): unknown;
  readonly rest: readonly { close(): void }[];
}

export interface Kind<H> {
  readonly what: string;
  open(): Opened<H>;
  readonly verbs: readonly Verb<H>[];
  /** Verbs that do not fail when the channel is closed from the other side. */
  readonly whenShut?: readonly string[];
}

const bad = 5 as never;
const bytes = Uint8Array.of(1);
const soon = { timeout: 0 };
const target = () => new Uint8Array(8);
const step = (steps: Iterable<unknown>) => steps[Symbol.iterator]().next();

const textual = { label, request: 'text', response: 'text' } as const;

function opened<H extends { close(): void }>(handle: H, other: { close(): void }): Opened<H> {
  return { handle, spend: () => handle.close(), shut: () => other.close(), rest: [handle, other] };
}

const queue = (): [Sender<BytesLike>, Receiver<Uint8Array>] => bounded(4, { label });

const sending: Verb<Sender<BytesLike>>[] = [
  ['trySend', (tx) => tx.trySend(bytes), (tx) => tx.trySend(bad)],
  ['trySend', (tx) => tx.trySend(bytes, { transfer: true }), (tx) => tx.trySend(bytes, bad)],
  ['send', (tx) => tx.send(bytes), (tx) => tx.send(bad)],
  ['send', (tx) => tx.send(bytes, soon), (tx) => tx.send(bytes, bad)],
  ['sendSync', (tx) => tx.sendSync(bytes), (tx) => tx.sendSync(bad)],
  ['sendSync', (tx) => tx.sendSync(bytes, soon), (tx) => tx.sendSync(bytes, bad)],
  ['trySendMany', (tx) => tx.trySendMany([bytes]), (tx) => tx.trySendMany(bad)],
  ['sendMany', (tx) => tx.sendMany([bytes]), (tx) => tx.sendMany([bad])],
  ['sendManySync', (tx) => tx.sendManySync([bytes]), (tx) => tx.sendManySync([bytes], bad)],
  ['sendRef', (tx) => tx.sendRef(8), (tx) => tx.sendRef(-1)],
  ['end', (tx) => tx.end()],
  ['fail', (tx) => tx.fail(new Error('no paper'))],
  ['drained', (tx) => tx.drained(soon), (tx) => tx.drained(bad)],
  ['drainedSync', (tx) => tx.drainedSync(soon), (tx) => tx.drainedSync(bad)],
  ['sameChannel', (tx) => tx.sameChannel(tx), (tx) => tx.sameChannel(bad)],
  ['clone', (tx) => tx.clone().close()],
];
const batching: Verb<Sender<BytesLike>> = [
  'batch',
  (tx) => tx.batch().close(),
  (tx) => tx.batch({ bytes: 0 }),
];
const receiving: Verb<Receiver<Uint8Array>>[] = [
  ['tryRecv', (rx) => rx.tryRecv()],
  ['recv', (rx) => rx.recv(soon), (rx) => rx.recv(bad)],
  ['recvSync', (rx) => rx.recvSync(soon), (rx) => rx.recvSync(bad)],
  ['tryRecvMany', (rx) => rx.tryRecvMany(4), (rx) => rx.tryRecvMany(0)],
  ['recvMany', (rx) => rx.recvMany(4, soon), (rx) => rx.recvMany(0)],
  ['recvManySync', (rx) => rx.recvManySync(4, soon), (rx) => rx.recvManySync(0)],
  ['latest', (rx) => rx.latest()],
  ['tryIter', (rx) => step(rx.tryIter())],
  ['iterSync', (rx) => step(rx.iterSync())],
  ['iter', (rx) => rx.iter(), (rx) => rx.iter(bad)],
  ['batches', (rx) => rx.batches(4), (rx) => rx.batches(0)],
  ['for await', (rx) => rx[Symbol.asyncIterator]()],
  ['cancel', (rx) => rx.cancel()],
  ['clone', (rx) => rx.clone().close()],
];
const inPlace: Verb<Receiver<Uint8Array>>[] = [
  ['tryRecvInto', (rx) => rx.tryRecvInto(target()), (rx) => rx.tryRecvInto(bad)],
  ['recvInto', (rx) => rx.recvInto(target(), soon), (rx) => rx.recvInto(target(), bad)],
  ['recvIntoSync', (rx) => rx.recvIntoSync(target(), soon), (rx) => rx.recvIntoSync(target(), bad)],
  ['tryRecvRef', (rx) => rx.tryRecvRef()],
  ['recvRef', (rx) => rx.recvRef(soon), (rx) => rx.recvRef(bad)],
  ['recvRefSync', (rx) => rx.recvRefSync(soon), (rx) => rx.recvRefSync(bad)],
  ['refs', (rx) => rx.refs(), (rx) => rx.refs(bad)],
];
/** That a channel has ended is no error of them. */
const ending = ['tryIter', 'iterSync', 'iter', 'batches', 'refs', 'for await', 'cancel', 'clone'];
const sendingOn = ['end', 'fail', 'clone', 'subscribe', 'sameChannel', 'sendRef'];

const kinds = {
  sender: {
    what: 'Sender',
    open: () => opened(...queue()),
    verbs: [...sending, batching],
    whenShut: [...sendingOn, 'batch'],
  } satisfies Kind<Sender<BytesLike>>,
  receiver: {
    what: 'Receiver',
    open: () => {
      const [tx, rx] = queue();
      return opened(rx, tx);
    },
    verbs: [...receiving, ...inPlace],
    whenShut: ending,
  } satisfies Kind<Receiver<Uint8Array>>,
  leases: {
    what: 'LeaseReceiver',
    open: () => {
      const [tx, rx] = bounded(4, { label, ack: true });
      return opened(rx, tx);
    },
    verbs: [...receiving, ...inPlace],
    whenShut: ending,
  } as unknown as Kind<LeaseReceiver<Uint8Array>>,
  broadcast: {
    what: 'BroadcastSender',
    open: () => {
      const [tx] = broadcast(4, { label });
      const rx = tx.subscribe();
      return { ...opened(tx, rx), shut: () => tx.end() };
    },
    verbs: [
      ...(sending as unknown as Verb<BroadcastSender<BytesLike>>[]),
      ['batch', (tx) => (tx as unknown as Sender<BytesLike>).batch()],
      ['subscribe', (tx) => tx.subscribe().close()],
    ],
    whenShut: [...sendingOn, 'drained', 'drainedSync'],
  } as Kind<BroadcastSender<BytesLike>>,
  batch: {
    what: 'BatchWriter',
    open: () => {
      const [tx, rx] = queue();
      const batch = tx.batch();
      return { handle: batch, spend: () => tx.close(), shut: () => rx.close(), rest: [batch, tx, rx] };
    },
    verbs: [
      ['trySend', (batch) => batch.trySend(bytes), (batch) => batch.trySend(bad)],
      ['send', (batch) => batch.send(bytes), (batch) => batch.send(bytes, bad)],
      ['sendSync', (batch) => batch.sendSync(bytes), (batch) => batch.sendSync(bytes, bad)],
      [
        'flush',
        async (batch) => {
          // Of the block that is open, where there is one.
          await batch.flush(soon);
          await batch.flush(soon);
        },
        (batch) => batch.flush(bad),
      ],
      ['flushSync', (batch) => batch.flushSync(soon), (batch) => batch.flushSync(bad)],
    ],
    whenShut: ['flush', 'flushSync'],
  } satisfies Kind<BatchWriter<BytesLike>>,
  closedBatch: {
    what: 'BatchWriter that was closed',
    open: () => {
      const [tx, rx] = queue();
      const batch = tx.batch();
      return { handle: batch, spend: () => batch.close(), shut: () => rx.close(), rest: [tx, rx] };
    },
    verbs: [
      ['trySend', (batch) => batch.trySend(bytes)],
      ['send', (batch) => batch.send(bytes)],
      ['sendSync', (batch) => batch.sendSync(bytes)],
      ['flush', (batch) => batch.flush()],
      ['flushSync', (batch) => batch.flushSync()],
    ],
    whenShut: ['flush', 'flushSync'],
  } satisfies Kind<BatchWriter<BytesLike>>,
  sendRef: {
    what: 'SendRef',
    open: () => {
      const [tx, rx] = queue();
      const ref = tx.sendRef(8);
      return { handle: ref, spend: () => ref[Symbol.dispose](), shut: () => rx.close(), rest: [tx, rx] };
    },
    verbs: [
      ['trySend', (ref) => ref.trySend(), (ref) => ref.trySend(-1)],
      ['send', (ref) => ref.send(), (ref) => ref.send(-1)],
      ['sendSync', (ref) => ref.sendSync(), (ref) => ref.sendSync(8, bad)],
    ],
  } satisfies Kind<SendRef>,
  recvRef: {
    what: 'RecvRef',
    open: () => {
      const [tx, rx] = queue();
      const [next, last] = queue();
      tx.trySend(bytes);
      const ref = Object.assign(rx.recvRefSync(), { next });
      return {
        handle: ref,
        spend: () => ref[Symbol.dispose](),
        shut: () => last.close(),
        rest: [tx, rx, next, last],
      };
    },
    verbs: [
      ['tryForward', (ref) => ref.tryForward(ref.next), (ref) => ref.tryForward(bad)],
      ['forward', (ref) => ref.forward(ref.next), (ref) => ref.forward(ref.next, bad)],
      ['forwardSync', (ref) => ref.forwardSync(ref.next), (ref) => ref.forwardSync(bad)],
      ['keep', (ref) => ref.keep()],
    ],
    whenShut: ['keep'],
  } satisfies Kind<RecvRef & { next: Sender<BytesLike> }>,
  input: {
    what: 'Input',
    open: () => opened(...tripleBuffer({ byteLength: 8, label })),
    verbs: [
      ['publish', (input) => input.publish(), (input) => input.publish(9)],
      ['write', (input) => input.write(bytes), (input) => input.write(bad)],
    ],
    whenShut: ['publish', 'write'],
  } satisfies Kind<Input<BytesLike>>,
  output: {
    what: 'Output',
    open: () => {
      const [input, output] = tripleBuffer({ byteLength: 8, label });
      return opened(output, input);
    },
    verbs: [
      ['update', (output) => output.update()],
      ['read', (output) => output.read()],
      ['changed', (output) => output.changed(soon), (output) => output.changed(bad)],
      ['changedSync', (output) => output.changedSync(soon), (output) => output.changedSync(bad)],
    ],
    whenShut: ['update', 'read'],
  } satisfies Kind<Output<Uint8Array>>,
  watchSender: {
    what: 'WatchSender',
    open: () => opened(...watch({ initial: bytes, label })),
    verbs: [
      ['set', (tx) => tx.set(bytes), (tx) => tx.set(bad)],
      ['subscribe', (tx) => tx.subscribe().close()],
      ['clone', (tx) => tx.clone().close()],
    ],
    whenShut: ['set', 'subscribe', 'clone'],
  } satisfies Kind<WatchSender<BytesLike>>,
  watchReceiver: {
    what: 'WatchReceiver',
    open: () => {
      const [tx, rx] = watch({ initial: bytes, label });
      rx.get();
      return opened(rx, tx);
    },
    verbs: [
      ['get', (rx) => rx.get()],
      ['changed', (rx) => rx.changed(soon), (rx) => rx.changed(bad)],
      ['changedSync', (rx) => rx.changedSync(soon), (rx) => rx.changedSync(bad)],
      ['for await', (rx) => rx[Symbol.asyncIterator]()],
      ['clone', (rx) => rx.clone().close()],
    ],
    whenShut: ['get', 'for await', 'clone'],
  } satisfies Kind<WatchReceiver<Uint8Array>>,
  caller: {
    what: 'Caller',
    open: () => opened(...rpc<string, string>(4, textual)),
    verbs: [
      ['call', (caller) => caller.call('x', soon), (caller) => caller.call(bad)],
      ['callSync', (caller) => caller.callSync('x', soon), (caller) => caller.callSync('x', bad)],
      ['clone', (caller) => caller.clone().close()],
    ],
    whenShut: ['clone'],
  } satisfies Kind<Caller<string, string>>,
  responder: {
    what: 'Responder',
    open: () => {
      const [caller, responder] = rpc<string, string>(4, textual);
      return opened(responder, caller);
    },
    verbs: [
      ['tryRecv', (responder) => responder.tryRecv()],
      ['recv', (responder) => responder.recv(soon), (responder) => responder.recv(bad)],
      ['recvSync', (responder) => responder.recvSync(soon), (responder) => responder.recvSync(bad)],
      ['serve', (responder) => responder.serve(() => 'x'), (responder) => responder.serve(bad)],
      ['for await', (responder) => responder[Symbol.asyncIterator]()],
      ['clone', (responder) => responder.clone().close()],
    ],
    whenShut: ['serve', 'for await', 'clone'],
  } satisfies Kind<Responder<string, string>>,
};

export const everyKind = Object.values(kinds) as unknown as readonly Kind<never>[];
