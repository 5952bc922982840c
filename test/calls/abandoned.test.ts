// A request that is given up and answered in the same turn leaves nothing that would keep the event loop awake.
import { performance } from 'node:perf_hooks';
import { setTimeout as later } from 'node:timers/promises';

import { rpc } from 'millrace';
import { expect, test } from 'vitest';

test('the loop sleeps after a request was given up whose signal was read, and that was answered at once', async () => {
  const [tx, rx] = rpc(4);
  const given = new AbortController();
  const call = tx.call(new Uint8Array([1]), { signal: given.signal });
  const request = await rx.recv();
  expect(request.signal.aborted).toBe(false);
  given.abort();
  expect(request.reply(new Uint8Array([2]))).toBe(false);
  await expect(call).rejects.toThrow(given.signal.reason);

  const shares: number[] = [];
  for (let look = 0; look < 5; look += 1) {
    const before = performance.eventLoopUtilization();
    await later(50);
    shares.push(performance.eventLoopUtilization(before).utilization);
  }
  // 1 each time where it turns without end; a machine that stops the thread adds to one of them.
  expect(Math.min(...shares)).toBeLessThan(0.9);
  tx.close();
  rx.close();
});
