// A thread that is blocked can be stopped at once: by terminate(), and by the process's exit.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { bounded, transfer } from 'millrace';
import { expect, test } from 'vitest';
import { Child } from '../process/child';
import { median, registry, until } from './handshakes';

test.each(['recvSync', 'sendSync'])('terminate() of a worker blocked in %s settles at once', async (verb) => {
  const times: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    const [sender, empty] = bounded(1, { codec: 'text' });
    const [full, receiver] = bounded(1, { codec: 'text' });
    full.trySend('fills it');
    const worker = new Worker(new URL('fixtures/dying.cjs', import.meta.url), {
      workerData: { manner: verb, ticket: transfer({ empty, full }) },
    });
    await once(worker, 'message');
    const waits = () => sender.stats().waitingReceivers + receiver.stats().waitingSenders;
    await until(() => waits() === 1, `the worker blocks in ${verb}`);
    const start = performance.now();
    await worker.terminate();
    times.push(performance.now() - start);
    sender.close();
    receiver.close();
  }
  console.log(
    `terminate() in ${verb}: median ${median(times).toFixed(1)} ms, worst ${Math.max(...times).toFixed(1)}`,
  );
  // Promised are 50 ms; what hangs takes for ever, and a slow machine somewhat longer.
  expect(median(times)).toBeLessThanOrEqual(2000);
  await until(() => registry().channels === 0, 'the registry is empty');
});

test('process.exit(7) with eight blocked workers ends the process with 7', async () => {
  const child = new Child(new URL('fixtures/exit-seven.cjs', import.meta.url));
  expect(await child.line()).toBe('exiting');
  const start = performance.now();
  const { code, at } = await child.ended;
  expect(code, child.errors).toBe(7);
  // A second is promised; a slow machine has more.
  expect(at - start).toBeLessThanOrEqual(20_000);
});
