// What lies in one block is received as views into one memory, however it is taken.
import { bounded, channel, type Receiver, syncChannel, unbounded } from 'millrace';
import { expect, test } from 'vitest';

const count = 64;
const upTo = Array.from({ length: count }, (_, index) => index);

const makes = [
  ['bounded', () => bounded(2 * count)],
  ['unbounded', () => unbounded()],
  ['unbounded of buffers', () => unbounded({ codec: 'buffer' })],
  ['syncChannel', () => syncChannel(2 * count)],
  ['channel', () => channel()],
] as const;

type Rx = Pick<
  Receiver<Uint8Array>,
  'tryRecv' | 'recv' | 'recvSync' | 'tryRecvMany' | 'recvMany' | 'recvManySync' | 'batches'
>;

const takes: [string, (rx: Rx) => Promise<Uint8Array[]>][] = [
  ['recvMany', (rx) => rx.recvMany(count)],
  ['tryRecvMany', async (rx) => rx.tryRecvMany(count)],
  ['recvManySync, in parts', async (rx) => [...rx.recvManySync(20), ...rx.recvManySync(count)]],
  ['batches', async (rx) => (await rx.batches(count)[Symbol.asyncIterator]().next()).value as Uint8Array[]],
  ['one by one', async (rx) => upTo.map(() => rx.recvSync())],
  ['one by one, awaited', (rx) => Promise.all(upTo.map(() => rx.recv()))],
];

test.each(makes)('%s: the messages of one block are views into one buffer', async (_, make) => {
  for (const [name, take] of takes) {
    const [tx, rx] = make();
    const batch = tx.batch();
    for (const value of upTo) batch.trySend(new Uint8Array(64).fill(value));
    batch.close();
    const received = await take(rx as Rx);
    expect([name, received.length, new Set(received.map(({ buffer }) => buffer)).size]).toEqual([
      name,
      count,
      1,
    ]);
    // Side by side: none lies in another.
    const places = received.map(({ byteOffset }) => byteOffset);
    expect(new Set(places).size).toBe(count);
    for (const [index, bytes] of received.entries()) {
      expect([bytes.byteOffset % 8, bytes.length, bytes.every((byte) => byte === index)]).toEqual([
        0,
        64,
        true,
      ]);
    }
    for (const end of [tx, rx]) end.close();
  }
});

test('with ownBuffers each has a buffer of its own', () => {
  const [tx, rx] = unbounded({ ownBuffers: true });
  const batch = tx.batch();
  for (const value of upTo) batch.trySend(new Uint8Array(64).fill(value));
  batch.close();
  const received = rx.tryRecvMany(count);
  expect(received.map(({ buffer }) => buffer.byteLength)).toEqual(upTo.map(() => 64));
  expect(new Set(received.map(({ buffer }) => buffer)).size).toBe(count);
  for (const end of [tx, rx]) end.close();
});
