// A thread that leaves a wait pending and then blocks: the pending wait is served all the same, and holds up nobody.
import { once } from 'node:events';

import { bounded, type Receiver, type Sender, spawn } from 'millrace';
import { describe, expect, test } from 'vitest';

import { until } from './until';

interface Ends {
  rx?: Receiver<number>;
  tx?: Sender<number>;
  quit?: Receiver<number>;
}

/** A worker in the scene, once it is about to block; `report` is what it says at the end, when it has exited. */
async function play(scene: string, ends: Ends): Promise<{ report: Promise<unknown> }> {
  const worker = spawn(new URL('fixtures/blocked.mjs', import.meta.url), { scene, ...ends });
  const exit = once(worker, 'exit');
  expect(await once(worker, 'message')).toEqual(['blocking']);
  const message = once(worker, 'message');
  const report = async (): Promise<unknown> => {
    const [said] = (await message) as [unknown];
    expect(await exit).toEqual([0]);
    return said;
  };
  return { report: report() };
}

describe('a pending wait of a thread that blocks', () => {
  test('a receive on the same channel is served first, then the one that blocks', async () => {
    const [tx, rx] = bounded(1, { codec: 'f64' });
    const { report } = await play('a receive on the same channel', { rx });
    await until(() => tx.stats().waitingReceivers === 2, 'both receives wait');
    tx.trySend(1);
    await tx.drained();
    expect(tx.stats().waitingReceivers).toBe(1);
    tx.trySend(2);
    expect(await report).toEqual({ pending: 1, blocked: 2 });
    tx.close();
  });

  test('a receive on another channel is served while the thread stays blocked', async () => {
    const [tx, rx] = bounded(1, { codec: 'f64' });
    const [stop, quit] = bounded(1, { codec: 'f64' });
    const { report } = await play('a receive on another channel', { rx: rx.clone(), quit });
    await until(() => stop.stats().waitingReceivers === 1, 'the worker blocks');
    tx.trySend(1);
    await tx.drained();
    // The blocked thread took its one message; the next is for another receiver, and not held up.
    tx.trySend(2);
    expect(await rx.recv()).toBe(2);
    stop.trySend(9);
    expect(await report).toEqual({ pending: 1, blocked: 9 });
    for (const end of [tx, rx, stop]) end.close();
  });

  test('several receives on another channel are served in their order', async () => {
    const [tx, rx] = bounded(1, { codec: 'f64' });
    const [stop, quit] = bounded(1, { codec: 'f64' });
    const { report } = await play('two receives on another channel', { rx, quit });
    await until(() => stop.stats().waitingReceivers === 1, 'the worker blocks');
    for (const value of [1, 2]) {
      tx.sendSync(value, { timeout: 60_000 });
      await tx.drained();
    }
    stop.trySend(9);
    expect(await report).toEqual({ pending: [1, 2], blocked: 9 });
    for (const end of [tx, stop]) end.close();
  });

  test('a send on another channel is accepted while the thread stays blocked', async () => {
    const [tx, rx] = bounded(1, { codec: 'f64' });
    const [stop, quit] = bounded(1, { codec: 'f64' });
    tx.trySend(1);
    const { report } = await play('a send on another channel', { tx, quit });
    await until(() => stop.stats().waitingReceivers === 1, 'the worker blocks');
    expect(rx.stats().waitingSenders).toBe(1);
    expect(await rx.recv()).toBe(1);
    expect(await rx.recv()).toBe(2);
    stop.trySend(9);
    expect(await report).toEqual({ pending: 'accepted', blocked: 9 });
    for (const end of [rx, stop]) end.close();
  });

  test('a send on the same channel is accepted before the one that blocks', async () => {
    const [tx, rx] = bounded(1, { codec: 'f64' });
    tx.trySend(1);
    const { report } = await play('a send on the same channel', { tx });
    await until(() => rx.stats().waitingSenders === 2, 'both sends wait');
    expect([await rx.recv(), await rx.recv(), await rx.recv()]).toEqual([1, 2, 3]);
    expect(await report).toEqual({ pending: 'accepted', blocked: 'accepted' });
    rx.close();
  });
});

test('blocking and awaiting receives are served in the order in which they began', async () => {
  const [tx, rx] = bounded(1, { codec: 'f64' });
  const early = rx.recv();
  const { report } = await play('a receive and nothing else', { rx: rx.clone() });
  await until(() => tx.stats().waitingReceivers === 2, 'the worker blocks');
  const late = rx.recv();
  for (const value of [1, 2, 3]) {
    await tx.send(value);
    await tx.drained();
  }
  expect([await early, await report, await late]).toEqual([1, { pending: undefined, blocked: 2 }, 3]);
  tx.close();
  rx.close();
});
