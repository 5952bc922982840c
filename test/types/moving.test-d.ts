// Moving: alloc, { transfer: true } for channels of bytes alone, keep, and refs().
import {
  alloc,
  bounded,
  broadcast,
  type BytesLike,
  type Moving,
  type Receiver,
  type RecvRef,
  type Sender,
} from 'millrace';

import { same } from './expect.js';

same<ReturnType<typeof alloc>, Uint8Array<ArrayBuffer>>(true);
// @ts-expect-error a length is a number
alloc('8');

const [tx, rx] = bounded(1);
const bytes = alloc(8);
const how: Moving = { transfer: true };
declare const signal: AbortSignal;
declare const maybe: { timeout?: number; transfer?: boolean };
const moves = {
  trySend: () => tx.trySend(bytes, how),
  send: () => tx.send(bytes, { transfer: true }),
  sendSignal: () => tx.send(bytes, { transfer: true, signal }),
  sendTimed: () => tx.send(bytes, { transfer: true, timeout: 5 }),
  sendMaybe: () => tx.send(bytes, maybe),
  sendSync: () => tx.sendSync(bytes, how),
  sendSyncTimed: () => tx.sendSync(bytes, { transfer: true, timeout: 5 }),
  sendSyncMaybe: () => tx.sendSync(bytes, maybe),
};
type Answers = { [K in keyof typeof moves]: ReturnType<(typeof moves)[K]> };
same<Answers['trySend'], boolean>(true);
same<Answers['send'], Promise<void>>(true);
same<Answers['sendSignal'], Promise<void>>(true);
same<Answers['sendTimed'], Promise<boolean>>(true);
same<Answers['sendMaybe'], Promise<boolean | void>>(true);
same<Answers['sendSync'], void>(true);
same<Answers['sendSyncTimed'], boolean>(true);
same<Answers['sendSyncMaybe'], boolean | void>(true);

// Buffers as well, and broadcasts of bytes.
const [buffers, bufferEnd] = bounded(1, { codec: 'buffer' });
buffers.trySend(Buffer.alloc(8), { transfer: true });
buffers.trySend(new ArrayBuffer(8), { transfer: true });
const [everybody] = broadcast(1);
same<ReturnType<typeof everybody.clone>['trySend'], typeof everybody.trySend>(true);
void everybody.send(bytes, { transfer: true });
everybody.trySend(bytes, { transfer: true });
everybody.sendSync(bytes, { transfer: true, timeout: 1 });

// @ts-expect-error true or false
tx.trySend(bytes, { transfer: 1 });
// @ts-expect-error no wait, so nothing else
tx.trySend(bytes, { timeout: 1 });
// @ts-expect-error a blocking send has no signal
tx.sendSync(bytes, { transfer: true, signal });

// Other channels have nothing to move.
const [text] = bounded(1, { codec: 'text' });
// @ts-expect-error text is no bytes
text.trySend('x', { transfer: true });
// @ts-expect-error text is no bytes
void text.send('x', { transfer: true });
// @ts-expect-error text is no bytes
text.sendSync('x', { transfer: true });
const [jobs] = bounded<{ id: number }>(1, { codec: 'json' });
// @ts-expect-error a job is no bytes
void jobs.send({ id: 1 }, { transfer: true });
const [spoken] = broadcast(1, { codec: 'text' });
// @ts-expect-error text is no bytes
spoken.trySend('x', { transfer: true });
function pass<T>(to: Sender<T>, value: T): void {
  to.trySend(value);
  // @ts-expect-error it may be anything
  to.trySend(value, { transfer: true });
}
pass(tx, bytes as BytesLike);

// Lent for a step, or kept.
async function read(from: Receiver<Uint8Array>): Promise<void> {
  for await (const ref of from.refs({ signal })) {
    same<typeof ref, RecvRef>(true);
    same<ReturnType<typeof ref.keep>, Uint8Array<ArrayBuffer>>(true);
  }
  for await (const ref of bufferEnd.refs()) void ref;
  // @ts-expect-error an iteration has no timeout
  from.refs({ timeout: 1 });
}
void read(rx);
const [, words] = bounded(1, { codec: 'text' });
// @ts-expect-error text is no bytes
words.refs();
// @ts-expect-error what is sent is not kept
tx.sendRef(8).keep();
