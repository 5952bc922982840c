// Refs and a batch of one sender: what is sent or forwarded in place goes behind what lies in the open block.
import { type BytesLike, type Receiver, type Sender, type SoleReceiver } from 'millrace';
import { bounded, channel, syncChannel, unbounded } from 'millrace';
import { expect, test } from 'vitest';

type Ends = [Sender<BytesLike>, SoleReceiver<Uint8Array>];

const flavors: [string, () => Ends][] = [
  ['bounded(8)', () => bounded(8)],
  ['unbounded', () => unbounded()],
  ['syncChannel(8)', () => syncChannel(8)],
  ['channel()', () => channel()],
];

function refOf(tx: Sender<BytesLike>, value: number) {
  const ref = tx.sendRef(1);
  ref.bytes[0] = value;
  return ref;
}

/** A ref of a message that another channel brought. */
function receivedRef(value: number) {
  const [tx, rx]: [Sender<BytesLike>, Receiver<Uint8Array>] = bounded(1);
  tx.trySend(Uint8Array.of(value));
  const ref = rx.recvRefSync();
  tx.close();
  rx.close();
  return ref;
}

const verbs: [string, (tx: Sender<BytesLike>, value: number) => unknown][] = [
  ['SendRef.trySend', (tx, value) => refOf(tx, value).trySend()],
  ['SendRef.send', (tx, value) => refOf(tx, value).send()],
  ['SendRef.sendSync', (tx, value) => refOf(tx, value).sendSync()],
  ['RecvRef.tryForward', (tx, value) => receivedRef(value).tryForward(tx)],
  ['RecvRef.forward', (tx, value) => receivedRef(value).forward(tx)],
  ['RecvRef.forwardSync', (tx, value) => receivedRef(value).forwardSync(tx)],
];

const firstBytes = (messages: Uint8Array[]) => messages.map(([first]) => first);

test.each(flavors)(
  '%s: a ref never overtakes what lies in the block, nor is it overtaken',
  async (_, open) => {
    for (const [name, send] of verbs) {
      const [tx, rx] = open();
      const batch = tx.batch();
      batch.trySend(Uint8Array.of(1));
      expect(rx.isEmpty).toBe(true);
      await send(tx, 2);
      batch.trySend(Uint8Array.of(3));
      batch.close();
      expect([name, firstBytes(rx.tryRecvMany(8))]).toEqual([name, [1, 2, 3]]);
      for (const end of [tx, rx]) end.close();
    }
  },
);

test.each(flavors.filter(([name]) => name.endsWith('(8)')))(
  '%s: where the block finds no room, a ref that tries is refused, and one that waits goes behind it',
  async (_, open) => {
    const [tx, rx] = open();
    for (let value = 0; value < 8; value += 1) tx.trySend(Uint8Array.of(value));
    const batch = tx.batch();
    batch.trySend(Uint8Array.of(8));
    const [written, received] = [refOf(tx, 9), receivedRef(10)];
    expect([written.trySend(), received.tryForward(tx)]).toEqual([false, false]);
    rx.tryRecv();
    expect(written.trySend()).toBe(false);
    const sends = [written.send(), received.forward(tx)];
    const arrived: Uint8Array[] = [];
    while (arrived.length < 10) arrived.push(...(await rx.recvMany(16)));
    await Promise.all(sends);
    expect(firstBytes(arrived)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    batch.close();
    for (const end of [tx, rx]) end.close();
  },
);
