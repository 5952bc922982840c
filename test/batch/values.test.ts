// What goes into a batch: values of every codec and length, in their order, and those that cannot be sent.
import { type BatchWriter, ChannelCodecError, type Codec, type Sender, bounded, unbounded } from 'millrace';
import { expect, test } from 'vitest';

import { came, failureOf, refusedRange, refusedType } from '../misuse';

const lengths = [0, 1, 7, 8, 63, 64, 65, 100, 1000, 4095, 4096, 4097, 20_000, 100_000, 3];

test.each([16_384, 1, 100, 1 << 20])('bytes of every length keep their order in blocks of %s', (bytes) => {
  const [tx, rx] = unbounded();
  const batch = tx.batch({ bytes });
  const sent = lengths.map((length, index) => new Uint8Array(length).fill(index + 1));
  for (const message of sent) expect(batch.trySend(message)).toBe(true);
  for (const message of sent) message.fill(255);
  batch.close();
  const received = rx.tryRecvMany(100);
  expect(received.map(({ length }) => length)).toEqual(lengths);
  received.forEach((message, index) => expect(message.every((byte) => byte === index + 1)).toBe(true));
  expect(rx.stats()).toMatchObject({ sent: lengths.length, received: lengths.length, length: 0, bytes: 0 });
  for (const end of [tx, rx]) end.close();
});

test('views of every kind are copied when they are added', () => {
  const [tx, rx] = unbounded();
  const batch = tx.batch();
  const memory = Uint8Array.from({ length: 32 }, (_, index) => index);
  const views = [
    memory.subarray(3, 9),
    new DataView(memory.buffer, 4, 8),
    new Float64Array(memory.buffer, 8, 2),
    memory.buffer,
    Buffer.from(memory.buffer, 1, 5),
  ];
  const expected = views.map((view) =>
    view instanceof ArrayBuffer
      ? new Uint8Array(view.slice(0))
      : new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice(),
  );
  for (const view of views) batch.trySend(view);
  memory.fill(0);
  batch.close();
  expect(rx.tryRecvMany(10)).toEqual(expected);
  for (const end of [tx, rx]) end.close();
});

test('texts of every script and length arrive as they were', () => {
  const [tx, rx] = unbounded({ codec: 'text' });
  const batch = tx.batch({ bytes: 512 });
  const texts = [
    '',
    'a',
    'ß',
    '€uro',
    '😀'.repeat(20),
    'x'.repeat(170),
    'é'.repeat(171),
    'long '.repeat(900),
  ];
  for (const round of [1, 2, 3]) for (const text of texts) batch.trySend(`${round}${text}`);
  batch.close();
  const expected = [1, 2, 3].flatMap((round) => texts.map((text) => `${round}${text}`));
  expect(rx.tryRecvMany(100)).toEqual(expected);
  for (const end of [tx, rx]) end.close();
});

test('values of the other codecs arrive as they were', () => {
  const [jsonTx, jsonRx] = unbounded<{ at: number }>({ codec: 'json' });
  const [mapTx, mapRx] = unbounded<Map<string, number>>({ codec: 'structured' });
  const [json, map] = [jsonTx.batch(), mapTx.batch()];
  for (const at of [1, 2, 3]) {
    json.trySend({ at });
    map.trySend(new Map([['at', at]]));
  }
  json.close();
  map.close();
  expect(jsonRx.tryRecvMany(9)).toEqual([{ at: 1 }, { at: 2 }, { at: 3 }]);
  expect(mapRx.tryRecvMany(9)).toEqual([1, 2, 3].map((at) => new Map([['at', at]])));
  for (const end of [jsonTx, jsonRx, mapTx, mapRx]) end.close();
});

test('what cannot be sent leaves the block as it was', async () => {
  const [tx, rx] = unbounded({ codec: 'f64' });
  const batch = tx.batch();
  batch.trySend(1);
  const wrong = 'one' as unknown as number;
  for (const call of [() => batch.trySend(wrong), () => batch.send(wrong), () => batch.sendSync(wrong)]) {
    expect(await failureOf(call)).toMatchObject(refusedType('value', 'a number', came('one')));
  }
  expect(await failureOf(() => batch.trySend(undefined as unknown as number))).toMatchObject(
    refusedType('value', 'a number', 'undefined'),
  );
  batch.trySend(2);
  batch.close();
  expect(rx.tryRecvMany(9)).toEqual([1, 2]);
  const [bytesTx, bytesRx] = unbounded();
  const bytes = bytesTx.batch();
  const gone = new Uint8Array(8);
  bytes.trySend(gone);
  structuredClone(gone, { transfer: [gone.buffer] });
  expect(() => bytes.trySend(gone)).toThrow(TypeError);
  bytes.close();
  expect(bytesRx.tryRecvMany(9).map(({ length }) => length)).toEqual([8]);
  for (const end of [tx, rx, bytesTx, bytesRx]) end.close();
});

test('a codec may use the batch that it encodes for, and close it', () => {
  const open: { tx?: Sender<string>; batch?: BatchWriter<string> } = {};
  const nested: Codec<string> = {
    name: 'nested',
    encode(text) {
      if (text === 'outer') open.tx?.trySend('inner');
      if (text === 'last') open.batch?.close();
      if (text === 'broken') throw new Error('on purpose');
      return Buffer.from(text);
    },
    decode: (bytes) => Buffer.from(bytes).toString(),
  };
  const [sender, rx] = unbounded({ codec: nested });
  const batch = sender.batch();
  Object.assign(open, { tx: sender, batch });
  batch.trySend('first');
  batch.trySend('outer');
  expect(() => batch.trySend('broken')).toThrow(ChannelCodecError);
  expect(() => batch.trySend('last')).toThrow(/closed/);
  expect(rx.tryRecvMany(9)).toEqual(['first', 'inner', 'outer']);
  for (const end of [sender, rx]) end.close();
});

test('maxBytes bounds what is queued, and a longer message is a RangeError', async () => {
  const [tx, rx] = unbounded({ maxBytes: 64 });
  const batch = tx.batch();
  for (const [length, call] of [
    [65, () => batch.trySend(new Uint8Array(65))],
    [5000, () => batch.send(new Uint8Array(5000))],
    [65, () => batch.sendSync(new Uint8Array(65))],
  ] as const) {
    expect(await failureOf(call)).toMatchObject(
      refusedRange('value', "at most 64 bytes long, which is the channel's maxBytes", String(length)),
    );
  }
  let added = 0;
  while (batch.trySend(new Uint8Array(16))) added += 1;
  expect([tx.isFull, rx.stats().bytes]).toEqual([true, 64]);
  batch.close();
  expect(rx.tryRecvMany(4)).toHaveLength(4);
  let left = added - 4;
  while (left > 0) left -= (await rx.recvMany(100)).length;
  expect([left, rx.stats().sent]).toEqual([0, added]);
  for (const end of [tx, rx]) end.close();
});

test.each(['drop-oldest', 'drop-newest'] as const)('%s drops single messages of a block', (overflow) => {
  const [tx, rx] = bounded(6, { codec: 'f64', overflow });
  const batch = tx.batch();
  for (let value = 0; value < 10; value += 1) expect(batch.trySend(value)).toBe(true);
  batch.close();
  expect(rx.tryRecvMany(100)).toEqual(overflow === 'drop-oldest' ? [4, 5, 6, 7, 8, 9] : [0, 1, 2, 3, 4, 5]);
  expect(rx.stats()).toMatchObject({ sent: 10, dropped: 4, received: 6, length: 0 });
  for (const end of [tx, rx]) end.close();
});
