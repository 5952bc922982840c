// A full channel starves nothing: while a million ready results are awaited, a timer of one millisecond fires early.
import { unbounded } from 'millrace';
import { afterEach, expect, test } from 'vitest';

import { part } from './part';
import { until } from './until';

const messages = part(1_000_000);
/** By when the timer is to have fired: within the first tenth, where a starved one comes after the last. */
const early = messages / 10;

let closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing) close();
  closing = [];
});

/** A channel with a million messages, and a count of results so far that a timer looks at. */
function open(filled: boolean) {
  const [tx, rx] = unbounded({ codec: 'f64' });
  closing.push(
    () => rx.close(),
    () => tx.close(),
  );
  for (let value = 0; filled && value < messages; value += 1) tx.trySend(value);
  const seen = { passed: 0, atTimer: Infinity, immediates: 0, going: true };
  setTimeout(() => (seen.atTimer = seen.passed), 1);
  const turn = () => {
    seen.immediates += 1;
    if (seen.going) setImmediate(turn);
  };
  setImmediate(turn);
  return { tx, rx, seen };
}

test('a timer fires early while ready messages are awaited one by one', async () => {
  const { rx, seen } = open(true);
  while (seen.passed < messages) {
    const value = await rx.recv();
    if (value !== seen.passed) throw new Error(`${value} came in place of ${seen.passed}`);
    seen.passed += 1;
  }
  seen.going = false;
  expect(seen.atTimer).toBeLessThan(early);
  // 256 a turn at most.
  expect(seen.immediates).toBeGreaterThanOrEqual(messages / 256 - 1);
});

test('a timer fires early while for await runs over a full channel', async () => {
  const { tx, rx, seen } = open(true);
  tx.end();
  for await (const value of rx) {
    if (value !== seen.passed) throw new Error(`${value} came in place of ${seen.passed}`);
    seen.passed += 1;
  }
  seen.going = false;
  expect(seen.passed).toBe(messages);
  expect(seen.atTimer).toBeLessThan(early);
});

test('a timer fires early while sends that never have to wait are awaited', async () => {
  const { tx, seen } = open(false);
  for (; seen.passed < messages; seen.passed += 1) await tx.send(seen.passed);
  seen.going = false;
  expect(seen.atTimer).toBeLessThan(early);
});

test('a timer fires early while receives that were all asked for at once settle', async () => {
  const { tx, rx, seen } = open(false);
  const asked = part(200_000);
  for (let count = 0; count < asked; count += 1) void rx.recv().then(() => (seen.passed += 1));
  for (let value = 0; value < asked; value += 1) tx.trySend(value);
  seen.atTimer = Infinity;
  setTimeout(() => (seen.atTimer = seen.passed), 1);
  await until(() => seen.passed === asked, 'every receive settles');
  seen.going = false;
  expect(seen.atTimer).toBeLessThan(asked / 2);
});
