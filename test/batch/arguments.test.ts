// What `batch` and its verbs are given: read strictly, and refused by name.
import { type BatchWriter, ChannelStateError, unbounded } from 'millrace';
import { afterAll, expect, test } from 'vitest';

import { failureOf, misuse, outOfRange, rowsOf, shown, wrongType } from '../misuse';

const [tx, rx] = unbounded({ codec: 'f64' });
const options = (value: unknown) => tx.batch(value as object);

afterAll(() => {
  tx.close();
  rx.close();
});

test.each(rowsOf([null, 1, 'bytes', [], true, Symbol.iterator]))('options %s: TypeError', (_shown, value) => {
  expect(() => options(value)).toThrow(expect.objectContaining(wrongType));
});

test.each([
  ['an unknown key', { size: 1 }],
  ['a misspelt one', { delayMS: 1 }],
  ['an AbortSignal', new AbortController().signal],
])('%s: TypeError', (_what, value) => {
  expect(() => options(value)).toThrow(expect.objectContaining(misuse));
});

for (const key of ['bytes', 'delayMs']) {
  test.each(rowsOf([null, '1', {}, true, 1n]))(`${key} %s: TypeError`, (_shown, value) => {
    expect(() => options({ [key]: value })).toThrow(expect.objectContaining(wrongType));
  });
}

test.each([
  ...[0, -1, 1.5, NaN, Infinity, 2 ** 30 + 1].map((bytes) => [shown(bytes), { bytes }] as const),
  ...[-1, NaN, -Infinity].map((delayMs) => [shown(delayMs), { delayMs }] as const),
])('out of range %s: RangeError', (_shown, value) => {
  expect(() => options(value)).toThrow(expect.objectContaining(outOfRange));
});

const verbs: [string, (batch: BatchWriter<number>, wait: object) => unknown][] = [
  ['send', (batch, wait) => batch.send(1, wait)],
  ['sendSync', (batch, wait) => batch.sendSync(1, wait)],
  ['flush', (batch, wait) => batch.flush(wait)],
  ['flushSync', (batch, wait) => batch.flushSync(wait)],
];

test.each(verbs)('%s reads its wait strictly, before anything is added', async (_name, verb) => {
  const batch = tx.batch();
  expect(await failureOf(() => verb(batch, { timeout: -1 }))).toMatchObject(outOfRange);
  expect(await failureOf(() => verb(batch, { timeout: '1' }))).toMatchObject(wrongType);
  expect(await failureOf(() => verb(batch, { until: 1 }))).toMatchObject(misuse);
  batch.close();
  expect(rx.isEmpty).toBe(true);
});

test.each(verbs)('%s of a closed batch: ChannelStateError', async (_name, verb) => {
  const batch = tx.batch();
  batch.close();
  batch[Symbol.dispose]();
  expect(await failureOf(() => verb(batch, {}))).toBeInstanceOf(ChannelStateError);
  expect(() => batch.trySend(1)).toThrow(ChannelStateError);
  expect(batch.lost).toBe(0);
});

test('a spent sender has no batches', () => {
  const spent = tx.clone();
  spent.close();
  expect(() => spent.batch()).toThrow(ChannelStateError);
});
