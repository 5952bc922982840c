// What a worker costs that is blocked and has nothing to do: processor time of the whole process, so an upper bound.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { bounded, transfer } from 'millrace';

const workerFile = new URL('idle-worker.mjs', import.meta.url);
/** Milliseconds that a worker has to come to rest, its start-up included, before it is watched. */
const SETTLE = 1000;

/** Answers with the percent of one core that each kind of idle worker takes. */
export async function measureIdle(seconds, tell) {
  const entries = [];
  for (const [name, start] of Object.entries({ recvSync: blocked, 'Atomics.wait': waiting })) {
    tell(name);
    const { worker, release } = await start();
    await sleep(SETTLE);
    const began = performance.now();
    const before = process.cpuUsage();
    await sleep(seconds * 1000);
    const { user, system } = process.cpuUsage(before);
    const share = (user + system) / 1000 / (performance.now() - began);
    const ended = once(worker, 'exit');
    release();
    await ended;
    entries.push({ name, title: `blocked in \`${name}\``, values: [share * 100] });
  }
  return entries;
}

async function blocked() {
  const [tx, rx] = bounded(1);
  const worker = new Worker(workerFile, { workerData: { rx: transfer(rx) } });
  await once(worker, 'online');
  while (tx.stats().waitingReceivers === 0) await sleep(1);
  return { worker, release: () => tx.close() };
}

/** The same without millrace, for comparison. */
async function waiting() {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(workerFile, { workerData: { cell } });
  await once(worker, 'online');
  const release = () => {
    Atomics.store(cell, 0, 1);
    Atomics.notify(cell, 0);
  };
  return { worker, release };
}
