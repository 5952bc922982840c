// Senders take less, receivers give more: which end fits where another is asked, and what waiting verbs answer.
import {
  bounded,
  type Receiver,
  type RecvRef,
  type Sender,
  type SendRef,
  type SoleReceiver,
  type Stats,
} from 'millrace';

import { same } from './expect.js';

type A = { kind: 'a' };
type B = { kind: 'b' };
type C = { kind: 'c' };

declare const sendsAB: Sender<A | B>;
declare const sendsABC: Sender<A | B | C>;
declare const givesA: Receiver<A>;
declare const givesAB: Receiver<A | B>;

// A sender of more kinds fits where fewer are sent; one of fewer does not fit where more are.
const narrower: Sender<A | B> = sendsABC;
// @ts-expect-error it could be asked to send a C
const wider: Sender<A | B | C> = sendsAB;
void [narrower, wider];

// A receiver is the other way round.
const alsoAB: SoleReceiver<A | B> = givesA;
// @ts-expect-error it could give a B
const onlyA: SoleReceiver<A> = givesAB;
void [alsoAB, onlyA];

// Whatever takes a receiver takes a SoleReceiver; cloning needs more.
const sole: SoleReceiver<A> = givesA;
// @ts-expect-error a sole receiver has no clone
sole.clone();
// @ts-expect-error and is no Receiver
const shared: Receiver<A> = sole;
void shared;
same<ReturnType<typeof givesA.clone>, Receiver<A>>(true);
same<ReturnType<typeof sendsAB.clone>, Sender<A | B>>(true);
// @ts-expect-error a sender is no receiver
const crossed: Receiver<A> = sendsAB;
void crossed;

// What waiting verbs answer depends on whether there is a timeout.
const [tx, rx] = bounded(1, { codec: 'text' });
declare const maybe: { timeout?: number };
declare const signal: AbortSignal;
const waits = {
  send: () => tx.send('x'),
  sendSignal: () => tx.send('x', { signal }),
  sendTimed: () => tx.send('x', { timeout: 5, signal }),
  sendMaybe: () => tx.send('x', maybe),
  sendSync: () => tx.sendSync('x'),
  sendSyncTimed: () => tx.sendSync('x', { timeout: 0 }),
  sendSyncMaybe: () => tx.sendSync('x', maybe),
  batchSend: () => tx.batch().send('x'),
  batchSendTimed: () => tx.batch().send('x', { timeout: 5 }),
  batchSendSync: () => tx.batch().sendSync('x'),
  flush: () => tx.batch().flush(),
  flushSyncTimed: () => tx.batch().flushSync({ timeout: 5 }),
  drained: () => tx.drained(),
  drainedSync: () => tx.drainedSync(),
  drainedSyncTimed: () => tx.drainedSync({ timeout: 5 }),
  drainedSyncMaybe: () => tx.drainedSync(maybe),
  drainedTimed: () => tx.drained({ timeout: 5 }),
  recv: () => rx.recv(),
  recvSignal: () => rx.recv({ signal }),
  recvTimed: () => rx.recv({ timeout: 5 }),
  recvMaybe: () => rx.recv(maybe),
  recvSync: () => rx.recvSync(),
  recvSyncTimed: () => rx.recvSync({ timeout: 5 }),
  tryRecv: () => rx.tryRecv(),
  trySend: () => tx.trySend('x'),
};
type Answers = { [K in keyof typeof waits]: ReturnType<(typeof waits)[K]> };
same<Answers['send'], Promise<void>>(true);
same<Answers['sendSignal'], Promise<void>>(true);
same<Answers['sendTimed'], Promise<boolean>>(true);
same<Answers['sendMaybe'], Promise<boolean | void>>(true);
same<Answers['sendSync'], void>(true);
same<Answers['sendSyncTimed'], boolean>(true);
same<Answers['sendSyncMaybe'], boolean | void>(true);
same<Answers['batchSend'], Promise<void>>(true);
same<Answers['batchSendTimed'], Promise<boolean>>(true);
same<Answers['batchSendSync'], void>(true);
same<Answers['flush'], Promise<void>>(true);
same<Answers['flushSyncTimed'], boolean>(true);
// @ts-expect-error a batch takes what its sender takes
tx.batch().trySend(1);
same<Answers['drained'], Promise<void>>(true);
same<Answers['drainedTimed'], Promise<boolean>>(true);
same<Answers['drainedSync'], void>(true);
same<Answers['drainedSyncTimed'], boolean>(true);
same<Answers['drainedSyncMaybe'], boolean | void>(true);
// @ts-expect-error a blocking verb takes no signal
tx.drainedSync({ signal });
same<Answers['recv'], Promise<string>>(true);
same<Answers['recvSignal'], Promise<string>>(true);
same<Answers['recvTimed'], Promise<string | undefined>>(true);
same<Answers['recvMaybe'], Promise<string | undefined>>(true);
same<Answers['recvSync'], string>(true);
same<Answers['recvSyncTimed'], string | undefined>(true);
same<Answers['tryRecv'], string | undefined>(true);
same<Answers['trySend'], boolean>(true);
// @ts-expect-error a blocking verb takes no signal
tx.sendSync('x', { signal });
// @ts-expect-error nor does this one
rx.recvSync({ signal });
// @ts-expect-error an unknown key
void rx.recv({ timeOut: 5 });
// @ts-expect-error a timeout is a number
void rx.recv({ timeout: '5' });

// Receiving into memory is for channels of bytes and buffer.
const [, bytes] = bounded(1);
const [, buffers] = bounded(1, { codec: 'buffer' });
same<ReturnType<typeof bytes.tryRecvInto>, number>(true);
bytes.tryRecvInto(new Uint8Array(8));
buffers.recvIntoSync(Buffer.alloc(8), { timeout: 5 });
same<ReturnType<typeof bytes.recvInto>, Promise<number>>(true);
void bytes.recvInto(new Uint8Array(8), { timeout: 5, signal });
// @ts-expect-error nor has it here
void rx.recvInto(new Uint8Array(8));
// @ts-expect-error the target is a Uint8Array
void bytes.recvInto(new DataView(new ArrayBuffer(8)));
// @ts-expect-error a channel of text has no bytes to write
rx.tryRecvInto(new Uint8Array(8));
// @ts-expect-error the target is a Uint8Array
bytes.tryRecvInto(new ArrayBuffer(8));

// Loops that a signal ends.
same<ReturnType<typeof rx.iter>, AsyncIterable<string>>(true);
same<ReturnType<typeof rx.batches>, AsyncIterable<string[]>>(true);
rx.iter({ signal });
rx.batches(8, { signal });
// @ts-expect-error a loop has no timeout
rx.iter({ timeout: 5 });
// @ts-expect-error nor has it here
rx.batches(8, { timeout: 5 });
// @ts-expect-error a controller is no signal
rx.iter({ signal: new AbortController() });

// Refs are for channels of bytes and buffer, and are forwarded to those.
const [bytesTx] = bounded(1);
const ref = bytesTx.sendRef(8);
same<typeof ref, SendRef>(true);
same<ReturnType<typeof bytes.tryRecvRef>, RecvRef | undefined>(true);
const read = buffers.recvRefSync();
const refWaits = {
  recv: () => bytes.recvRef(),
  recvTimed: () => bytes.recvRef({ timeout: 5 }),
  recvSyncTimed: () => bytes.recvRefSync({ timeout: 5 }),
  send: () => ref.send(),
  sendSome: () => ref.send(4, { signal }),
  sendTimed: () => ref.send(undefined, { timeout: 5 }),
  sendSync: () => ref.sendSync(4),
  forward: () => read.forward(bytesTx),
  forwardTimed: () => read.forward(bytesTx, { timeout: 5 }),
  forwardSyncTimed: () => read.forwardSync(bytesTx, { timeout: 5 }),
};
type RefAnswers = { [K in keyof typeof refWaits]: ReturnType<(typeof refWaits)[K]> };
same<typeof read, RecvRef>(true);
same<RefAnswers['recv'], Promise<RecvRef>>(true);
same<RefAnswers['recvTimed'], Promise<RecvRef | undefined>>(true);
same<RefAnswers['recvSyncTimed'], RecvRef | undefined>(true);
same<RefAnswers['send'], Promise<void>>(true);
same<RefAnswers['sendSome'], Promise<void>>(true);
same<RefAnswers['sendTimed'], Promise<boolean>>(true);
same<RefAnswers['sendSync'], void>(true);
same<RefAnswers['forward'], Promise<void>>(true);
same<RefAnswers['forwardTimed'], Promise<boolean>>(true);
same<RefAnswers['forwardSyncTimed'], boolean>(true);
same<typeof ref.bytes, Uint8Array>(true);
// @ts-expect-error the bytes are the ref's to name
ref.bytes = new Uint8Array(8);
// @ts-expect-error a channel of text has no bytes to write in place
tx.sendRef(8);
// @ts-expect-error nor to read in place
rx.recvRef();
// @ts-expect-error nor does it take a message of bytes
read.tryForward(tx);
// @ts-expect-error the wait comes after the length
void ref.send({ timeout: 5 });

// Iterating, looking, comparing.
async function iterate() {
  for await (const message of rx) same<typeof message, string>(true);
  for await (const message of givesAB) same<typeof message, A | B>(true);
}
void iterate;
same<ReturnType<typeof tx.stats>, Stats>(true);
same<
  Stats['flavor'],
  'bounded' | 'unbounded' | 'sync' | 'channel' | 'latest' | 'broadcast' | 'watch' | 'rpc'
>(true);
tx.sameChannel(rx);
sendsAB.sameChannel(bytes);
// @ts-expect-error not an end of a channel
tx.sameChannel({});
// @ts-expect-error a receiver has no isFull
void rx.isFull;
// @ts-expect-error snapshots are read-only
tx.length = 5;
tx[Symbol.dispose]();
