// What `batch` and its verbs are given: read strictly, and refused by name.
import { type BatchWriter, ChannelStateError, unbounded } from 'millrace';
import { afterAll, expect, test } from 'vitest';

import { came, failureOf, refusedKey, refusedRange, refusedType, rowsOf } from '../misuse';

const [tx, rx] = unbounded({ codec: 'f64' });
const options = (value: unknown) => tx.batch(value as object);

afterAll(() => {
  tx.close();
  rx.close();
});

test.each(rowsOf([null, 1, 'bytes', [], true, Symbol.iterator]))('options %s: TypeError', (_shown, value) => {
  expect(() => options(value)).toThrow(
    expect.objectContaining(refusedType('options', 'an object', came(value))),
  );
});

test.each([
  ['an unknown key', { size: 1 }, 'size'],
  ['a misspelt one', { delayMS: 1 }, 'delayMS'],
  ['an AbortSignal', new AbortController().signal, 'aborted'],
])('%s: TypeError', (_what, value, key) => {
  const refused = refusedKey('options', 'bytes, delayMs', key);
  expect(() => options(value)).toThrow(expect.objectContaining(refused));
});

for (const [key, expected] of [
  ['bytes', 'a number of bytes'],
  ['delayMs', 'a number of milliseconds'],
] as const) {
  test.each(rowsOf([null, '1', {}, true, 1n]))(`${key} %s: TypeError`, (_shown, value) => {
    const refused = refusedType(`options.${key}`, expected, came(value));
    expect(() => options({ [key]: value })).toThrow(expect.objectContaining(refused));
  });
}

test.each([
  ...[0, -1, 1.5, NaN, Infinity, 2 ** 30 + 1].map(
    (bytes) => ['bytes', bytes, 'an integer, 1 to 1073741824 bytes'] as const,
  ),
  ...[-1, NaN, -Infinity].map((delayMs) => ['delayMs', delayMs, '0 or more milliseconds'] as const),
])('%s out of range, %d: RangeError', (key, value, expected) => {
  const refused = refusedRange(`options.${key}`, expected, String(value));
  expect(() => options({ [key]: value })).toThrow(expect.objectContaining(refused));
});

const verbs: [string, keys: string, (batch: BatchWriter<number>, wait: object) => unknown][] = [
  ['send', 'signal, timeout', (batch, wait) => batch.send(1, wait)],
  ['sendSync', 'timeout', (batch, wait) => batch.sendSync(1, wait)],
  ['flush', 'signal, timeout', (batch, wait) => batch.flush(wait)],
  ['flushSync', 'timeout', (batch, wait) => batch.flushSync(wait)],
];

test.each(verbs)('%s reads its wait strictly, before anything is added', async (_name, keys, verb) => {
  const batch = tx.batch();
  expect(await failureOf(() => verb(batch, { timeout: -1 }))).toMatchObject(
    refusedRange('wait.timeout', '0 or more milliseconds', '-1'),
  );
  expect(await failureOf(() => verb(batch, { timeout: '1' }))).toMatchObject(
    refusedType('wait.timeout', 'a number of milliseconds', came('1')),
  );
  expect(await failureOf(() => verb(batch, { until: 1 }))).toMatchObject(refusedKey('wait', keys, 'until'));
  batch.close();
  expect(rx.isEmpty).toBe(true);
});

test.each(verbs)('%s of a closed batch: ChannelStateError', async (_name, _keys, verb) => {
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
