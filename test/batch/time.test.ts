// When an open block goes by itself, and what it keeps alive until then.
import { setImmediate as turn } from 'node:timers/promises';

import { bounded, unbounded } from 'millrace';
import { expect, test } from 'vitest';

import { Child } from '../process/child';

test('with a delay it goes after that, not at the end of the turn', async () => {
  const [tx, rx] = unbounded({ codec: 'f64' });
  // An hour, and for ever: far beyond what these turns can take.
  for (const delayMs of [3_600_000, 2 ** 40, Infinity]) {
    const batch = tx.batch({ delayMs });
    batch.trySend(1);
    for (let turns = 0; turns < 10; turns += 1) await turn();
    expect(rx.isEmpty).toBe(true);
    batch.close();
    expect(rx.tryRecv()).toBe(1);
  }
  for (const delayMs of [0, 0.5, 5]) {
    const batch = tx.batch({ delayMs });
    for (const value of [1, 2]) {
      batch.trySend(value);
      expect(await rx.recv()).toBe(value);
    }
    batch.close();
  }
  for (const end of [tx, rx]) end.close();
});

test('it goes when it is full, by bytes or by half of the capacity', () => {
  const [tx, rx] = unbounded({ codec: 'f64' });
  const small = tx.batch({ bytes: 32, delayMs: Infinity });
  for (const value of [0, 1, 2]) small.trySend(value);
  expect(rx.length).toBe(0);
  small.trySend(3);
  expect(rx.length).toBe(4);
  small.close();
  const [halfTx, halfRx] = bounded(10, { codec: 'f64' });
  const half = halfTx.batch({ delayMs: Infinity });
  for (const value of [0, 1, 2, 3]) half.trySend(value);
  expect(halfRx.length).toBe(0);
  half.trySend(4);
  expect(halfRx.length).toBe(5);
  half.close();
  for (const end of [tx, rx, halfTx, halfRx]) end.close();
});

test.each(['end of turn', '50'])('an open block keeps the loop alive until it has gone: %s', async (when) => {
  const child = new Child(new URL('fixtures/open-block.cjs', import.meta.url), { args: [when] });
  expect(await child.line()).toBe('0');
  expect(await child.line()).toBe('1');
  expect(await child.ended, child.errors).toMatchObject({ code: 0, signal: null });
});
