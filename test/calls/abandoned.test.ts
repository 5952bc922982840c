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

  const before = performance.eventLoopUtilization();
  await later(100);
  // 1 where it turns without end, whatever else the machine does.
  expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.9);
  tx.close();
  rx.close();
});
