// One worker: waits for an order, does its part of it its peer's way, says when it began and ended and what it saw.
import { parentPort, workerData } from 'node:worker_threads';

const { module, scenario, settings, side, team, ends } = workerData;
const { join } = await import(`../peers/${module}.mjs`);
const player = join(ends, scenario, settings);
const parts = {
  'one-way': ['send', 'receive'],
  'ping-pong': ['ping', 'pong'],
  latest: ['write', 'read'],
  queued: ['fill', 'drain'],
  team: ['produce', 'consume'],
  overflow: ['produce', 'consume'],
};
const part = parts[scenario.shape][side];
const how = { gap: scenario.gap ?? 0, team };

parentPort.on('message', async (order) => {
  if (order === 'end') {
    player.close();
    parentPort.close();
    return;
  }
  player.use?.(order.backoff);
  if (side === 1) parentPort.postMessage('ready');
  const began = process.hrtime.bigint();
  const told = await player[part](order.count, how);
  parentPort.postMessage({ began, ended: process.hrtime.bigint(), told });
});
parentPort.postMessage('open');
