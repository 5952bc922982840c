// Every way to send, for the soak: each says how many of its messages were accepted, from the front.
import { alloc, ChannelClosedError, select, selectSync, sending, trySelect } from 'millrace';

/** Messages of one call or one block, at most. */
const HANDFUL = 16;

const some = ({ random }) => 1 + random.below(HANDFUL);

/** What a select's answer says of its only case, a send. */
function chosen({ key, closed }) {
  if (closed) throw new ChannelClosedError('a select found its channel closed');
  return Number(key !== undefined);
}

/** Writes the next message in place; `send(ref)` says how many were accepted. */
async function inPlace({ tx, one, took }, send) {
  const message = one();
  const ref = tx.sendRef(message.length);
  try {
    ref.bytes.set(message);
    took(Number(await send(ref)));
  } finally {
    ref[Symbol.dispose]();
  }
}

/** Moves the next message, in memory of millrace's own or of the engine's; `send(bytes)` answers whether it was accepted. */
async function moved({ one, took, random }, send) {
  const message = one();
  const bytes = random.below(2) === 0 ? alloc(message.length) : new Uint8Array(message.length);
  bytes.set(message);
  const whole = () => bytes.length === message.length;
  let accepted;
  try {
    accepted = (await send(bytes)) !== false;
  } catch (error) {
    if (!whole()) throw new Error('a buffer that was not accepted is detached', { cause: error });
    throw error;
  }
  if (message.length > 0 && whole() === accepted) {
    throw new Error(`accepted: ${accepted}, and ${bytes.length} bytes of ${message.length} are left`);
  }
  took(Number(accepted));
}

/**
 * By name. `tx` is the sender, `one()` the next message and `many(count)` the next ones, `took(count)` says how many were
 * accepted, `patience()` is how long to wait at most. Closed throws, and says nothing more than `took` has been told.
 */
export const sends = {
  trySend: ({ tx, one, took }) => took(Number(tx.trySend(one()))),
  async send({ tx, one, took }) {
    await tx.send(one());
    took(1);
  },
  async 'send, timeout'({ tx, one, took, patience }) {
    took(Number(await tx.send(one(), { timeout: patience() })));
  },
  async 'send, pending'(way) {
    const results = await Promise.allSettled(way.many(some(way)).map((message) => way.tx.send(message)));
    way.took(results.filter(({ status }) => status === 'fulfilled').length);
    const failed = results.find(({ status }) => status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  },
  sendSync({ tx, one, took }) {
    tx.sendSync(one());
    took(1);
  },
  'sendSync, timeout': ({ tx, one, took, patience }) =>
    took(Number(tx.sendSync(one(), { timeout: patience() }))),
  'trySend, moved': (way) => moved(way, (bytes) => way.tx.trySend(bytes, { transfer: true })),
  'send, moved': (way) => moved(way, (bytes) => way.tx.send(bytes, { transfer: true })),
  'send, moved, timeout': (way) =>
    moved(way, (bytes) => way.tx.send(bytes, { transfer: true, timeout: way.patience() })),
  'sendSync, moved, timeout': (way) =>
    moved(way, (bytes) => way.tx.sendSync(bytes, { transfer: true, timeout: way.patience() })),
  trySendMany: (way) => way.took(way.tx.trySendMany(way.many(some(way)))),
  async sendMany(way) {
    way.took(Number(await way.tx.sendMany(way.many(some(way)), { timeout: way.patience() })));
  },
  sendManySync: (way) =>
    way.took(Number(way.tx.sendManySync(way.many(some(way)), { timeout: way.patience() }))),
  async batch(way) {
    const batch = way.tx.batch();
    let laid = 0;
    try {
      for (const message of way.many(some(way))) {
        if (!batch.trySend(message)) break;
        laid += 1;
      }
      await batch.flush();
    } finally {
      batch.close();
    }
    way.took(laid);
  },
  'batch, blocking'(way) {
    const batch = way.tx.batch();
    const messages = way.many(some(way));
    try {
      for (const message of messages) batch.sendSync(message);
      batch.flushSync();
    } finally {
      batch.close();
    }
    way.took(messages.length);
  },
  sendRef: (way) => inPlace(way, (ref) => ref.send(undefined, { timeout: way.patience() })),
  'sendRef, trying': (way) => inPlace(way, (ref) => ref.trySend()),
  'sendRef, blocking': (way) => inPlace(way, (ref) => ref.sendSync(undefined, { timeout: way.patience() })),
  async 'select, sending'({ tx, one, took, patience }) {
    took(chosen(await select({ out: sending(tx, one()) }, { timeout: patience() })));
  },
  'selectSync, sending': ({ tx, one, took, patience }) =>
    took(chosen(selectSync({ out: sending(tx, one()) }, { timeout: patience() }))),
  'trySelect, sending': ({ tx, one, took }) => took(chosen(trySelect({ out: sending(tx, one()) }))),
};
