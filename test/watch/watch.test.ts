// The laws of a watch: the newest value for every reader, once each, and nobody waits for anybody.
import { isDeepStrictEqual as areEqual } from 'node:util';

import {
  attach,
  type Codec,
  inspect,
  never,
  revoke,
  select,
  transfer,
  trySelect,
  watch,
  type WatchReceiver,
  type WatchSender,
} from 'millrace';
import { expect, test } from 'vitest';

const number = { codec: 'f64' } as const;
const closed = expect.objectContaining({ code: 'ERR_CHANNEL_CLOSED' });
const state = expect.objectContaining({ code: 'ERR_CHANNEL_STATE' });

test('get gives the newest whole value, and undefined only before the first', () => {
  const [tx, rx] = watch<{ level: string }>({ codec: 'json' });
  expect([rx.get(), rx.hasChanged]).toEqual([undefined, false]);
  tx.set({ level: 'info' });
  expect(rx.hasChanged).toBe(true);
  const first = rx.get();
  expect([first, rx.hasChanged]).toEqual([{ level: 'info' }, false]);
  expect([rx.get() === first, rx.get() === first]).toEqual([true, true]);
  tx.set({ level: 'info' });
  expect([rx.get() === first, rx.get()]).toEqual([false, { level: 'info' }]);
  tx.close();
  rx.close();
});

test('a value is encoded once for all readers, and decoded once by each, however often it is looked at', async () => {
  const count = { encoded: 0, decoded: 0 };
  const codec: Codec<number> = {
    name: 'counts',
    encode(value) {
      count.encoded += 1;
      return Uint8Array.of(value);
    },
    decode(encoded) {
      count.decoded += 1;
      return encoded[0]!;
    },
  };
  const [tx, rx] = watch({ codec });
  const readers = [rx, rx.clone(), tx.subscribe()];
  for (const value of [1, 2]) {
    tx.set(value);
    for (const reader of [...readers, ...readers]) expect(reader.get()).toBe(value);
    await expect(readers[0]!.changed({ timeout: 0 })).resolves.toBe(false);
    expect(count).toEqual({ encoded: value, decoded: 3 * value });
  }
  for (const end of [tx, ...readers]) end.close();
});

const lengths = [0, 1, 64, 65, 4096, 4097, 65_537, 300_000];
const bytes = lengths.map((length) => Uint8Array.from({ length }, (_, index) => index % 251));
const dates: Codec<Date> = {
  name: 'date',
  encode: (date) => new Uint8Array(Float64Array.of(date.getTime()).buffer),
  decode: (encoded) => new Date(new DataView(encoded.buffer, encoded.byteOffset).getFloat64(0, true)),
};
const cases: [name: string, codec: unknown, values: unknown[]][] = [
  ['bytes', 'bytes', bytes],
  ['buffer', 'buffer', bytes.map((value) => Buffer.from(value))],
  ['text', 'text', lengths.map((length) => 'caf\u00e9'.repeat(length / 4))],
  ['f64', 'f64', [0, -1.5, Infinity, Number.MAX_VALUE]],
  ['json', 'json', [null, ...lengths.map((length) => ({ text: 'x'.repeat(length) }))]],
  ['structured', 'structured', lengths.map((length) => new Map([['x'.repeat(length), new Date(length)]]))],
  ['a custom one', dates, [new Date(0), new Date(1e12)]],
];

test.each(cases)('%s: any size, for every reader, also as the initial value', async (_, codec, values) => {
  for (const initial of values) {
    const [tx, rx] = watch({ codec: codec as 'json', initial });
    const second = rx.clone();
    expect(areEqual([rx.get(), second.get()], [initial, initial])).toBe(true);
    for (const value of values) {
      const told = second.changed();
      tx.set(value);
      await told;
      const got = second.get();
      expect(areEqual([rx.get(), got, second.get() === got], [value, value, true])).toBe(true);
    }
    for (const end of [tx, rx, second]) end.close();
  }
});

test('what a reader keeps or changes is its own', () => {
  const [tx, rx] = watch();
  const second = rx.clone();
  for (const length of lengths.slice(1)) {
    const sent = new Uint8Array(length).fill(7);
    tx.set(sent);
    sent.fill(1);
    const seen = rx.get()!;
    seen.fill(2);
    expect(second.get()!.every((byte) => byte === 7)).toBe(true);
    tx.set(Uint8Array.of(9));
    expect([seen.length, seen.every((byte) => byte === 2), rx.get()]).toEqual([
      length,
      true,
      Uint8Array.of(9),
    ]);
  }
  for (const end of [tx, rx, second]) end.close();
});

test('changed resolves when a value newer than the last get is there', async () => {
  const [tx, rx] = watch(number);
  const pending = [rx.changed(), rx.changed({ timeout: 60_000 })];
  expect(rx.stats().waitingReceivers).toBe(2);
  tx.set(1);
  expect(await Promise.all(pending)).toEqual([undefined, true]);
  expect([await rx.changed({ timeout: 0 }), rx.changedSync(), rx.changedSync({ timeout: 0 })]).toEqual([
    true,
    undefined,
    true,
  ]);
  expect(rx.get()).toBe(1);
  expect([await rx.changed({ timeout: 2 }), rx.changedSync({ timeout: 2 })]).toEqual([false, false]);
  const aborted = rx.changed({ signal: AbortSignal.abort(new Error('enough')) });
  await expect(aborted).rejects.toThrow('enough');
  expect(() => rx.changedSync()).toThrow(state);
  const cut = rx.changed();
  rx.close();
  await expect(cut).rejects.toEqual(state);
  tx.close();
});

test('a reader that has not called get yet has changed as soon as a value is there', async () => {
  const [tx, rx] = watch({ ...number, initial: 1 });
  expect([rx.hasChanged, rx.get(), rx.hasChanged]).toEqual([true, 1, false]);
  const [late, clone] = [tx.subscribe(), rx.clone()];
  for (const reader of [late, clone]) {
    await reader.changed();
    expect([reader.hasChanged, reader.get(), reader.hasChanged]).toEqual([true, 1, false]);
  }
  for (const end of [tx, rx, late, clone]) end.close();
});

test('iterating gives the newest each time and none twice, what get has had included; the rest is skipped', async () => {
  const [tx, rx] = watch({ ...number, initial: 1 });
  expect(rx.get()).toBe(1);
  const iterator = rx[Symbol.asyncIterator]();
  const first = iterator.next();
  for (const value of [2, 3, 4]) tx.set(value);
  expect(await first).toEqual({ value: 4, done: false });
  const [second, third] = [iterator.next(), iterator.next()];
  tx.set(5);
  expect(rx.get()).toBe(5);
  tx.set(6);
  expect(await second).toEqual({ value: 6, done: false });
  expect(tx.stats()).toMatchObject({ sent: 6, received: 4, skipped: 2, discarded: 0, length: 0 });
  tx.set(7);
  tx.close();
  expect([await third, await iterator.next()]).toEqual([
    { value: 7, done: false },
    { value: undefined, done: true },
  ]);
  expect([rx.get(), rx.isClosed]).toEqual([7, true]);
  rx.close();
});

test('a loop that is left cancels its step and leaves the handle open; one that closes its handle ends', async () => {
  const [tx, rx] = watch(number);
  const iterator = rx[Symbol.asyncIterator]();
  expect(() => transfer(rx)).toThrow(state);
  const step = iterator.next();
  expect(await iterator.return?.()).toEqual({ value: undefined, done: true });
  expect([await step, rx.stats().waitingReceivers]).toEqual([{ value: undefined, done: true }, 0]);
  tx.set(1);
  for await (const value of rx) {
    expect(value).toBe(1);
    break;
  }
  tx.set(2);
  const seen: number[] = [];
  for await (const value of rx) {
    seen.push(value);
    rx.close();
  }
  expect(seen).toEqual([2]);
  expect(() => rx[Symbol.asyncIterator]()).toThrow(state);
  tx.close();
});

test('the writers gone: readers keep the last value, changed resolves once more, then rejects', async () => {
  const [tx, rx] = watch(number);
  const second = tx.clone();
  tx.set(1);
  tx.close();
  expect(rx.isClosed).toBe(false);
  second.set(2);
  second.close();
  expect(rx.isClosed).toBe(false);
  await rx.changed();
  expect([rx.get(), rx.isClosed, rx.get()]).toEqual([2, true, 2]);
  await expect(rx.changed()).rejects.toEqual(closed);
  expect(() => rx.changedSync()).toThrow(closed);
  rx.close();
});

test('no readers: set goes on working, and a late reader sees the current value at once', () => {
  const [tx, rx] = watch(number);
  rx.close();
  for (const value of [1, 2, 3]) tx.set(value);
  expect(tx.isClosed).toBe(false);
  const late = tx.subscribe();
  expect(late.get()).toBe(3);
  tx.close();
  late.close();
});

test('many writers: the last one to set has the word', () => {
  const [tx, rx] = watch(number);
  const writers = [tx, tx.clone(), tx.clone()];
  for (let value = 0; value < 30; value += 1) {
    writers[value % 3]!.set(value);
    expect(rx.get()).toBe(value);
  }
  for (const end of [...writers, rx]) end.close();
});

test('a select case like an Output: chosen, get has the value, and it is not chosen for it again', async () => {
  const [tx, rx] = watch(number);
  expect(trySelect({ rx })).toEqual({ key: undefined });
  const chosen = select({ rx, never: never() });
  tx.set(1);
  expect(await chosen).toEqual({ key: 'rx', closed: false });
  expect([rx.hasChanged, rx.get(), trySelect({ rx }).key]).toEqual([false, 1, undefined]);
  tx.set(2);
  tx.close();
  expect([trySelect({ rx }), rx.get(), trySelect({ rx })]).toEqual([
    { key: 'rx', closed: false },
    2,
    { key: 'rx', closed: true },
  ]);
  rx.close();
});

test('a value that cannot be decoded: the error each time, and the next value mends it', async () => {
  const codec: Codec<number> = {
    name: 'breaks',
    encode: (value) => Uint8Array.of(value),
    decode(encoded) {
      if (encoded[0] === 1) throw new Error('as told');
      return encoded[0]!;
    },
  };
  const [tx, rx] = watch({ codec, initial: 0 });
  expect(rx.get()).toBe(0);
  tx.set(1);
  const failure = expect.objectContaining({ code: 'ERR_CHANNEL_CODEC', bytes: Uint8Array.of(1) });
  for (let turn = 0; turn < 2; turn += 1) expect(() => rx.get()).toThrow(failure);
  expect(rx.hasChanged).toBe(false);
  tx.set(2);
  expect(rx.get()).toBe(2);
  tx.set(1);
  await expect(select({ rx })).rejects.toEqual(failure);
  await expect(
    (async () => {
      tx.set(1);
      for await (const value of rx) expect(value).toBe(undefined);
    })(),
  ).rejects.toEqual(failure);
  tx.close();
  rx.close();
});

test('tickets of both sides, reusable ones too', () => {
  const [tx, rx] = watch({ ...number, initial: 1 });
  expect(rx.get()).toBe(1);
  const there = attach(structuredClone(transfer({ rx, tx: tx.clone() })));
  expect([there.rx.hasChanged, there.rx.get()]).toEqual([false, 1]);
  there.tx.set(2);
  expect(there.rx.get()).toBe(2);
  const reusable = transfer({ rx: there.rx, tx: there.tx }, { reusable: true });
  const [one, other] = [attach(structuredClone(reusable)), attach(structuredClone(reusable))];
  expect([one.rx.get(), other.rx.get()]).toEqual([2, 2]);
  other.tx.set(3);
  expect([one.rx.get(), other.rx.get(), tx.stats().tickets]).toEqual([3, 3, 2]);
  expect(revoke(reusable)).toBe(2);
  for (const end of [tx, one.rx, one.tx, other.rx, other.tx]) end.close();
});

test('figures, and a spent handle', () => {
  const [tx, rx] = watch({ codec: 'text', initial: 'one', label: 'levels' });
  const figures = {
    flavor: 'watch',
    label: 'levels',
    sent: 1,
    received: 0,
    length: 1,
    senders: 1,
    receivers: 1,
  };
  expect(tx.stats()).toMatchObject(figures);
  expect(inspect().find(({ label }) => label === 'levels')).toMatchObject(figures);
  rx.close();
  tx.close();
  expect([rx.hasChanged, rx.isClosed, tx.isClosed]).toEqual([true, true, true]);
  expect(rx.stats()).toMatchObject({ sent: 1, received: 0 });
  const verbs = [
    () => rx.get(),
    () => rx.clone(),
    () => rx.changedSync(),
    () => tx.set('x'),
    () => tx.clone(),
    () => tx.subscribe(),
  ];
  for (const verb of verbs) expect(verb).toThrow(state);
});

test('what it is made with and what is set is read strictly', () => {
  const make = watch as (options: unknown) => [WatchSender<unknown>, WatchReceiver<unknown>];
  for (const options of [
    { label: 1 },
    { byteLength: 8 },
    { lag: 'skip' },
    { codec: 'none' },
    { initial: 1 },
  ]) {
    expect(() => make(options)).toThrow(TypeError);
  }
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  expect(() => make({ codec: 'json', initial: cyclic })).toThrow(
    expect.objectContaining({ code: 'ERR_CHANNEL_CODEC' }),
  );
  const [tx, rx] = make({ codec: 'text', initial: 'one' });
  for (const value of [undefined, null, 1, {}]) expect(() => tx.set(value)).toThrow(TypeError);
  expect(rx.get()).toBe('one');
  tx.close();
  rx.close();
});
