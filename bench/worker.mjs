// One worker of a pair or a team: waits to be told a number of messages, carries them its peer's way, says when it began and ended.
import { parentPort, workerData } from 'node:worker_threads';

const { module, scenario, side, ends } = workerData;
const { join } = await import(`./peers/${module}.mjs`);
const player = join(ends, scenario);
const parts = {
  'one-way': ['send', 'receive'],
  'hand-over': ['send', 'receive'],
  'ping-pong': ['ping', 'pong'],
  batch: ['send', 'receive'],
  queued: ['fill', 'drain'],
  team: ['produce', 'consume'],
};
const part = parts[scenario.shape][side];

parentPort.on('message', async (order) => {
  if (order === 'end') {
    player.close();
    parentPort.close();
    return;
  }
  if (side === 1) parentPort.postMessage('ready');
  const began = process.hrtime.bigint();
  await player[part](order);
  parentPort.postMessage({ began, ended: process.hrtime.bigint() });
});
parentPort.postMessage('open');
