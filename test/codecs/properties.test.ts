// Properties over random messages: whatever their bytes, lengths, order and verbs, they arrive as they were sent.
import * as fc from 'fast-check';
import { bounded, type BytesLike, type Receiver, type Sender, unbounded } from 'millrace';
import { expect, test } from 'vitest';

import { kinds, payloadOf, sameBytes } from '../bytes-kinds';

const edges = [
  0, 1, 7, 8, 63, 64, 65, 4095, 4096, 4097, 65_535, 65_536, 65_537, 1_048_575, 1_048_576, 1_048_577,
];
/** Mostly short, always around the edges where a message's way changes. */
const length = fc.oneof(
  { weight: 12, arbitrary: fc.nat({ max: 200 }) },
  { weight: 6, arbitrary: fc.constantFrom(...edges.slice(0, 10)) },
  { weight: 1, arbitrary: fc.constantFrom(...edges) },
);
const message = fc.record({ length, seed: fc.nat({ max: 255 }) });

const gives: ((tx: Sender<BytesLike>, value: BytesLike) => unknown)[] = [
  (tx, value) => expect(tx.trySend(value)).toBe(true),
  (tx, value) => tx.send(value),
  (tx, value) => tx.sendSync(value),
  (tx, value) => tx.send(value, { timeout: 60_000 }),
];
const target = new Uint8Array(1_048_577);
const takes: ((rx: Receiver<Uint8Array>) => unknown)[] = [
  (rx) => rx.tryRecv(),
  (rx) => rx.recv(),
  (rx) => rx.recvSync(),
  (rx) => target.slice(0, rx.tryRecvInto(target)),
  (rx) => target.slice(0, rx.recvIntoSync(target)),
  async (rx) => (await rx[Symbol.asyncIterator]().next()).value,
];
const choice = (of: readonly unknown[]) => fc.nat({ max: of.length - 1 });

test('bytes of every length arrive as they were sent, from every kind of memory, by every pair of verbs', async () => {
  const [tx, rx] = unbounded();
  await fc.assert(
    fc.asyncProperty(
      message,
      choice(kinds),
      choice(gives),
      choice(takes),
      async ({ length, seed }, kind, give, take) => {
        const { unit, make } = kinds[kind]!;
        const payload = payloadOf(length - (length % unit), seed);
        await gives[give]!(tx, make(payload).value);
        expect(sameBytes((await takes[take]!(rx)) as Uint8Array, payload)).toBe(true);
      },
    ),
    { numRuns: 600 },
  );
  expect(tx.stats()).toMatchObject({ length: 0, bytes: 0 });
  tx.close();
  rx.close();
});

test('random runs of sends and receives behave as a queue does', async () => {
  const step = fc.oneof(
    fc.record({ give: choice(gives), message }),
    fc.record({ take: choice(takes) }),
    fc.record({ wait: fc.constant(true) }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(1, 3, 64),
      fc.array(step, { maxLength: 60 }),
      async (capacity, steps) => {
        const [tx, rx] = bounded(capacity);
        const model: Uint8Array[] = [];
        const waiting: Promise<Uint8Array>[] = [];
        const awaited: Uint8Array[] = [];
        for (const action of steps) {
          if ('wait' in action) {
            waiting.push(rx.recv());
            const ready = model.shift();
            if (ready !== undefined) awaited.push(ready);
          } else if ('take' in action) {
            if (model.length === 0) continue;
            expect(sameBytes((await takes[action.take]!(rx)) as Uint8Array, model.shift()!)).toBe(true);
          } else {
            const payload = payloadOf(action.message.length, action.message.seed);
            if (model.length === capacity) {
              expect(tx.trySend(payload)).toBe(false);
              continue;
            }
            await gives[action.give]!(tx, payload);
            if (awaited.length < waiting.length) awaited.push(payload);
            else model.push(payload);
          }
          expect(rx.length).toBe(model.length);
        }
        for (const [index, payload] of awaited.entries()) {
          expect(sameBytes(await waiting[index], payload)).toBe(true);
        }
        tx.close();
        for (const late of waiting.slice(awaited.length)) {
          await expect(late).rejects.toMatchObject({ code: 'ERR_CHANNEL_CLOSED' });
        }
        for (const payload of model) expect(sameBytes(await rx.recv(), payload)).toBe(true);
        expect(rx.isClosed).toBe(true);
        rx.close();
      },
    ),
    { numRuns: 200 },
  );
});

test('text, f64, json and structured give back any value of theirs', () => {
  const values: [codec: string, arbitrary: fc.Arbitrary<unknown>][] = [
    ['text', fc.string({ unit: 'binary', maxLength: 300 })],
    ['f64', fc.double()],
    ['json', fc.jsonValue()],
    [
      'structured',
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true }),
    ],
  ];
  for (const [codec, arbitrary] of values) {
    const [tx, rx] = unbounded({ codec: codec as 'json' });
    fc.assert(
      fc.property(
        arbitrary.filter((value) => value !== undefined),
        (value) => {
          tx.trySend(value);
          const wanted: unknown =
            codec === 'json' ? JSON.parse(JSON.stringify(value)) : structuredClone(value);
          expect(rx.tryRecv()).toEqual(wanted);
        },
      ),
      { numRuns: 500 },
    );
    tx.close();
    rx.close();
  }
});
