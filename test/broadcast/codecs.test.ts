// A broadcast in every codec, short and long: each receiver has the value whole, and its own.
import { broadcast, type BroadcastReceiver, type BroadcastSender, type Codec } from 'millrace';
import { expect, test } from 'vitest';

const dates: Codec<Date> = {
  name: 'date',
  encode: (date) => new Uint8Array(Float64Array.of(date.getTime()).buffer),
  decode: (bytes) => new Date(new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0, true)),
};
const lengths = [0, 1, 64, 65, 4096, 4097, 65_537, 300_000];
const bytes = lengths.map((length) => Uint8Array.from({ length }, (_, index) => index % 251));

const cases: [name: string, codec: unknown, values: unknown[]][] = [
  ['bytes', 'bytes', bytes],
  ['buffer', 'buffer', bytes.map((value) => Buffer.from(value))],
  ['text', 'text', lengths.map((length) => 'caf\u00e9'.repeat(length / 4))],
  ['f64', 'f64', [0, -1.5, Infinity, Number.MAX_VALUE]],
  ['json', 'json', lengths.map((length) => ({ text: 'x'.repeat(length) }))],
  ['structured', 'structured', lengths.map((length) => new Map([['x'.repeat(length), new Date(length)]]))],
  ['a custom one', dates, [new Date(0), new Date(1e12)]],
];

type Ends = [BroadcastSender<unknown>, BroadcastReceiver<unknown>];
const forms: [string, (rx: BroadcastReceiver<unknown>) => unknown][] = [
  ['tryRecv', (rx) => rx.tryRecv()],
  ['recv', (rx) => rx.recv()],
  ['recvSync', (rx) => rx.recvSync()],
  ['tryRecvMany', (rx) => rx.tryRecvMany(1)[0]],
  ['recvMany', async (rx) => (await rx.recvMany(1))[0]],
];

/** Vitest's own comparison of long bytes takes seconds. */
const same = (received: unknown, sent: unknown) => {
  if (!(sent instanceof Uint8Array)) return expect(received).toEqual(sent);
  expect(received).toBeInstanceOf(sent.constructor);
  return expect(Buffer.compare(received as Uint8Array, sent)).toBe(0);
};

test.each(cases)('%s: every receiver gets every value, in every form', async (_, codec, values) => {
  const [tx, first] = broadcast(values.length, { codec: codec as 'json', replay: 1 }) as Ends;
  const receivers = [first, ...forms.slice(1).map(() => tx.subscribe())];
  for (const value of values) await tx.send(value);
  for (const [index, [, receive]] of forms.entries()) {
    for (const value of values) same(await receive(receivers[index]!), value);
  }
  // Waited for, all at once.
  const waited = receivers.map((rx) => rx.recv());
  tx.trySend(values[0]);
  expect(await Promise.all(waited)).toEqual(receivers.map(() => values[0]));
  same(tx.subscribe().tryRecv(), values[0]);
  for (const end of [tx, ...receivers]) end.close();
});

test('what one receiver does with its bytes is not seen by another', () => {
  for (const length of lengths.slice(1)) {
    const [tx, rx] = broadcast(2, { replay: 1 });
    const [second, third] = [rx.clone(), rx.clone()];
    const sent = new Uint8Array(length).fill(7);
    tx.trySend(sent);
    sent.fill(1);
    const seen = rx.tryRecv()!;
    seen.fill(2);
    const target = new Uint8Array(length);
    expect([second.tryRecvInto(target), target.every((byte) => byte === 7)]).toEqual([length, true]);
    const ref = third.tryRecvRef()!;
    ref.bytes.fill(3);
    const late = tx.subscribe().tryRecv()!;
    expect([seen.every((byte) => byte === 2), late.every((byte) => byte === 7)]).toEqual([true, true]);
    expect(ref.bytes.every((byte) => byte === 3)).toBe(true);
    ref[Symbol.dispose]();
    for (const end of [tx, rx, second, third]) end.close();
  }
});

test('a value that cannot be decoded fails for each receiver, and loses nothing', () => {
  let broken = true;
  const codec: Codec<number> = {
    name: 'breaks',
    encode: (value) => Uint8Array.of(value),
    decode(bytes) {
      if (broken && bytes[0] === 1) throw new Error('as told');
      return bytes[0]!;
    },
  };
  const [tx, rx] = broadcast(4, { codec });
  const second = rx.clone();
  tx.trySendMany([0, 1, 2]);
  expect(rx.tryRecvMany(8)).toEqual([0]);
  expect(() => rx.tryRecv()).toThrow(expect.objectContaining({ code: 'ERR_CHANNEL_CODEC' }));
  expect(rx.tryRecv()).toBe(2);
  broken = false;
  expect(second.tryRecvMany(8)).toEqual([0, 1, 2]);
  for (const end of [tx, rx, second]) end.close();
});
