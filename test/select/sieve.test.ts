// The sieve of primes: a hundred filters in a row, a channel between each two of them, and the next filter always in another thread.
import { once } from 'node:events';

import { type Sender, type SoleReceiver, bounded, channel, spawn, syncChannel, unbounded } from 'millrace';
import { expect, test } from 'vitest';

const length = 100;
const threads = 4;
/** The hundredth prime: what is left of the numbers up to it passes no filter. */
const last = 541;
const f64 = { codec: 'f64' } as const;
const filterUrl = new URL('fixtures/filter.mjs', import.meta.url);

interface Filter {
  readonly index: number;
  readonly from: SoleReceiver<number>;
  readonly to: Sender<number>;
}

const rows: [name: string, make: () => [Sender<number>, SoleReceiver<number>]][] = [
  ['bounded(0)', () => bounded(0, f64)],
  ['bounded(8)', () => bounded(8, f64)],
  ['unbounded', () => unbounded(f64)],
  ['syncChannel(0)', () => syncChannel(0, f64)],
  ['syncChannel(8)', () => syncChannel(8, f64)],
  ['channel', () => channel(f64)],
];

test.each(rows)('%s: a hundred chained channels give the first hundred primes', async (_, make) => {
  const chain = Array.from({ length: length + 1 }, make);
  const [primesTx, primes] = bounded<{ index: number; prime: number }>(length, { codec: 'json' });
  const exits = Array.from({ length: threads }, (_each, thread) => {
    const filters: Filter[] = [];
    for (let index = thread; index < length; index += threads) {
      filters.push({ index, from: chain[index]![1], to: chain[index + 1]![0] });
    }
    return once(spawn(filterUrl, { filters, primes: primesTx.clone() }), 'exit');
  });
  primesTx.close();
  const [numbers, left] = [chain[0]![0], chain[length]![1]];

  const found: number[] = [];
  const collected = (async () => {
    for await (const { index, prime } of primes) found[index] = prime;
  })();
  for (let number = 2; number <= last; number += 1) await numbers.send(number);
  numbers.close();
  for await (const number of left) throw new Error(`${number} passed all filters`);
  await collected;
  for (const exit of exits) expect(await exit).toEqual([0]);

  const primesByHand = Array.from({ length: last + 1 }, (_each, number) => number).filter(isPrime);
  expect(found).toEqual(primesByHand);
  expect(found).toHaveLength(length);
  for (const end of [left, primes]) end.close();
});

function isPrime(number: number): boolean {
  for (let divisor = 2; divisor * divisor <= number; divisor += 1) if (number % divisor === 0) return false;
  return number > 1;
}
