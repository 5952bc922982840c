// The latest value, end to end: 10,000,000 publishes against a reader that looks every millisecond.
import { setTimeout as sleep } from 'node:timers/promises';
import { spawn, tripleBuffer } from 'millrace';
import { expect, test } from 'vitest';

const count = 10_000_000;

test('the values that a reader sees rise strictly, and the last one published is read', async () => {
  const [input, output] = tripleBuffer({ byteLength: 8, codec: 'f64' });
  const start = performance.now();
  const shared = new SharedArrayBuffer(4);
  const counted = new Int32Array(shared);
  spawn(new URL('fixtures/counts.cjs', import.meta.url), { input, count, shared });
  let [reads, before] = [0, 0];
  while (!output.isClosed) {
    if (output.updated) {
      const value = output.read() as number;
      if (!(value > before)) throw new Error(`${value} was read after ${before}`);
      before = value;
      reads += 1;
      Atomics.store(counted, 0, reads);
      Atomics.notify(counted, 0);
    }
    await sleep(1);
  }
  console.log(`${count} publishes in ${Math.round(performance.now() - start)} ms, ${reads} read`);
  expect(before).toBe(count);
  expect(reads).toBeGreaterThanOrEqual(10);
  expect(output.stats()).toMatchObject({ sent: count, received: reads, skipped: count - reads, length: 0 });
  output.close();
});
