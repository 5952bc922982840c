// A thread that holds ends of a broadcast and of a watch ends, in each way there is: it holds nobody up, and whoever waits for it hears of it.
import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { broadcast, spawn, watch } from 'millrace';
import { expect, test } from 'vitest';

import { exitOf, until } from '../threads/handshakes';

const manners = [
  'returns',
  'throws',
  'exits with 0',
  'exits with 7',
  'is terminated, waiting',
  'is terminated, blocked',
  'runs out of memory',
  'cannot be loaded',
];
const number = { codec: 'f64' } as const;
const closed = expect.objectContaining({ code: 'ERR_CHANNEL_CLOSED' });

/** Starts it with these ends; the answer ends it, and resolves when it has. */
async function start(manner: string, ends: Record<string, unknown>): Promise<() => Promise<unknown>> {
  const loads = manner !== 'cannot be loaded';
  const url = new URL(`fixtures/${loads ? 'dying' : 'broken'}.mjs`, import.meta.url);
  const resourceLimits = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 8 };
  const worker: Worker = spawn(url, { manner, ...ends }, { resourceLimits });
  worker.on('error', () => undefined);
  const exited = exitOf(worker);
  if (loads) await once(worker, 'message');
  return async () => {
    if (manner.startsWith('is terminated')) await worker.terminate();
    else worker.postMessage('end');
    await exited;
  };
}

test.each(manners)('its receivers hold nobody up once it %s', async (manner) => {
  const [tx, rx] = broadcast(1, number);
  const mine = rx.clone();
  const [control, settings] = watch({ ...number, initial: 1 });
  const end = await start(manner, { rx, settings });
  tx.sendSync(1);
  expect(mine.recvSync()).toBe(1);
  // It may have taken the first, where it waits for it.
  const pending = [tx.send(2), tx.send(3)];
  await end();
  await pending[0];
  expect(await mine.recv()).toBe(2);
  await pending[1];
  expect(await mine.recv()).toBe(3);
  await until(() => tx.stats().receivers === 1 && control.stats().receivers === 0, 'its ends are gone');
  control.set(2);
  const late = control.subscribe();
  expect(late.get()).toBe(2);
  for (const handle of [tx, mine, control, late]) handle.close();
});

test.each(manners)('whoever waits for what it would send hears of it once it %s', async (manner) => {
  const [tx, rx] = broadcast(1, number);
  const [control, settings] = watch({ ...number, initial: 1 });
  expect(settings.get()).toBe(1);
  const ends = { tx, control, rx: rx.clone(), settings: settings.clone() };
  const waits = [rx.recv(), settings.changed()];
  for (const wait of waits) wait.catch(() => undefined);
  const end = await start(manner, ends);
  await end();
  for (const wait of waits) await expect(wait).rejects.toEqual(closed);
  expect([settings.get(), rx.isClosed, settings.isClosed]).toEqual([1, true, true]);
  rx.close();
  settings.close();
});
