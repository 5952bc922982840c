// A message that is on its way to a thread when that thread is terminated goes to the next receiver.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { bounded, transfer, unbounded } from 'millrace';
import { expect, test } from 'vitest';
import { until } from './handshakes';

const text = { codec: 'text' } as const;
const flavors = [
  ['bounded', () => bounded(16, text)],
  ['unbounded', () => unbounded(text)],
] as const;

/** A worker that waits three times, then never lets its event loop run: what it is handed stays on its way. */
async function busyReceiver(end: unknown): Promise<Worker> {
  const worker = new Worker(new URL('fixtures/busy-receiver.cjs', import.meta.url), {
    workerData: transfer(end),
  });
  await once(worker, 'message');
  return worker;
}

test.each(flavors)(
  '%s: what was handed to a terminated worker goes to the next waits, in order',
  async (_, make) => {
    const [sender, receiver] = make();
    const worker = await busyReceiver({ receiver: receiver.clone() });
    await until(() => sender.stats().waitingReceivers === 3, 'the worker waits three times');
    for (let i = 0; i < 3; i += 1) expect(sender.trySend(`message ${i}`)).toBe(true);
    const waits = [receiver.recv(), receiver.recv(), receiver.recv()];
    expect(sender.stats()).toMatchObject({ length: 0, waitingReceivers: 3, receivers: 2 });
    await worker.terminate();
    expect(await Promise.all(waits)).toEqual(['message 0', 'message 1', 'message 2']);
    expect(sender.stats()).toMatchObject({ sent: 3, received: 3, length: 0, receivers: 1 });
    sender.close();
    receiver.close();
  },
);

test.each(flavors)('%s: it goes ahead of what is queued', async (_, make) => {
  const [sender, receiver] = make();
  const worker = await busyReceiver({ receiver: receiver.clone() });
  await until(() => sender.stats().waitingReceivers === 3, 'the worker waits three times');
  for (let i = 0; i < 5; i += 1) sender.trySend(`message ${i}`);
  await worker.terminate();
  sender.close();
  const order = [];
  for await (const value of receiver) order.push(value);
  expect(order).toEqual(Array.from({ length: 5 }, (_each, i) => `message ${i}`));
  receiver.close();
});

test.each(flavors)('%s: a worker that blocks elsewhere serves its own pending receives', async (_, make) => {
  const [sender, receiver] = make();
  const [other, empty] = make();
  const worker = new Worker(new URL('fixtures/busy-receiver.cjs', import.meta.url), {
    workerData: transfer({ receiver: receiver.clone(), empty }),
  });
  await once(worker, 'message');
  await until(() => other.stats().waitingReceivers === 1, 'the worker blocks');
  for (let i = 0; i < 3; i += 1) sender.trySend(`message ${i}`);
  await worker.terminate();
  const order = [await receiver.recv(), await receiver.recv(), await receiver.recv()];
  expect(order).toEqual(['message 0', 'message 1', 'message 2']);
  for (const end of [sender, receiver, other]) end.close();
});
