// Many at once, whatever the codec: lengths of every kind, and a message that cannot be decoded.
import { bounded, ChannelCodecError, type Codec, select, unbounded } from 'millrace';
import { expect, test } from 'vitest';

const lengths = [0, 1, 7, 8, 9, 63, 64, 65, 1000, 4095, 4096, 4097, 65_535, 65_536, 65_537, 300_000];
const of = (length: number) => new Uint8Array(length).map((_, index) => index * 31 + length);

test.each([{}, { ownBuffers: true }])('bytes of every length, %o', async (options) => {
  const [tx, rx] = unbounded(options);
  const values = [...lengths, ...[...lengths].reverse(), ...lengths].map(of);
  expect(tx.trySendMany(values)).toBe(values.length);
  const received: Uint8Array[] = [];
  while (received.length < values.length) received.push(...(await rx.recvMany(5)));
  for (const [index, value] of values.entries()) expect(Buffer.compare(received[index]!, value)).toBe(0);
  for (const bytes of received) if (bytes.length > 0) expect(bytes.byteOffset % 8).toBe(0);
  if ('ownBuffers' in options)
    for (const bytes of received) expect(bytes.buffer.byteLength).toBe(bytes.length);
  tx.close();
  rx.close();
});

test('text, json and structured values of every length', () => {
  for (const codec of ['text', 'json', 'structured'] as const) {
    const [tx, rx] = unbounded<string>({ codec: codec as 'json' });
    const values = lengths.map((length) => 'é'.repeat(length));
    expect(tx.trySendMany(values)).toBe(values.length);
    const received: string[] = [];
    while (received.length < values.length) received.push(...rx.tryRecvMany(6));
    expect(received).toEqual(values);
    tx.close();
    rx.close();
  }
});

test('what cannot be encoded sends nothing of its call', () => {
  const [tx, rx] = bounded(8, { codec: 'json' });
  expect(() => tx.trySendMany([1, 2n, 3])).toThrow(ChannelCodecError);
  expect(() => tx.trySendMany([1, undefined])).toThrow(TypeError);
  expect(() => tx.trySendMany('text' as never)).toThrow(TypeError);
  expect(tx.stats().sent).toBe(0);
  tx.close();
  rx.close();
});

/** Cannot decode odd lengths. */
const even: Codec<number> = {
  name: 'even',
  encode: (length) => of(length),
  decode(bytes) {
    if (bytes.length % 2 === 1) throw new Error(`${bytes.length} is odd`);
    return bytes.length;
  },
};

test('a Many verb ends before a message that cannot be decoded, and the next receive throws it', async () => {
  const [tx, rx] = bounded(16, { codec: even });
  const answers: unknown[] = [];
  tx.trySendMany([2, 4, 5001, 6, 9, 11, 8, 70_000]);
  const receive = [() => rx.tryRecvMany(9), () => rx.recvMany(9), () => rx.recvManySync(9)];
  for (let turn = 0; !rx.isEmpty; turn += 1) {
    try {
      answers.push(await receive[turn % 3]!());
    } catch (error) {
      expect(error).toBeInstanceOf(ChannelCodecError);
      answers.push((error as ChannelCodecError).bytes?.length);
    }
  }
  expect(answers).toEqual([[2, 4], 5001, [6], 9, 11, [8, 70_000]]);
  expect(rx.stats()).toMatchObject({ sent: 8, received: 8, length: 0, bytes: 0 });
  const waiting = rx.recvMany(4);
  tx.trySendMany([2, 3, 4]);
  expect(await waiting).toEqual([2]);
  await expect(rx.recvMany(4)).rejects.toThrow(ChannelCodecError);
  tx.trySend(5);
  expect(rx.tryRecvMany(4)).toEqual([4]);
  await expect(select({ rx })).rejects.toMatchObject({ bytes: of(5) });
  tx.close();
  rx.close();
});

test('a codec that sends and receives many while it is asked to is given what is its own', () => {
  const [innerTx, innerRx] = unbounded({ codec: 'f64' });
  const nested: Codec<number> = {
    name: 'nested',
    encode(value) {
      innerTx.trySendMany([value, value + 0.5]);
      return new Uint8Array([value]);
    },
    decode(bytes) {
      const [value] = bytes;
      return String(innerRx.tryRecvMany(2)) === `${value},${value! + 0.5}` ? value! : -1;
    },
  };
  const [tx, rx] = unbounded({ codec: nested });
  tx.trySendMany([1, 2, 3]);
  expect(rx.tryRecvMany(3)).toEqual([1, 2, 3]);
  for (const end of [tx, rx, innerTx, innerRx]) end.close();
});
