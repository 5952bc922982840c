// What a worker costs that is blocked and has nothing to do: processor time of its thread, where the system tells it.
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { bounded, transfer } from 'millrace';

const workerFile = new URL('idle-worker.mjs', import.meta.url);
/** Milliseconds that a worker has to come to rest, its start-up included, before it is watched. */
const SETTLE = 1000;
/** Linux tells a thread's time; elsewhere it is the whole process, with one worker at a time. */
const byThread = existsSync('/proc/thread-self/schedstat');

export const idleWords = byThread
  ? 'the processor time of its own thread'
  : 'the processor time of the whole process, so an upper bound';

/** Answers with the percent of one core that each kind of idle worker takes. */
export async function measureIdle(seconds, tell) {
  const kinds = Object.entries({ recvSync: blocked, 'Atomics.wait': waiting });
  const watch = async ([name, start]) => {
    tell(name);
    return { name, title: `blocked in \`${name}\``, values: [await measure(seconds, start)] };
  };
  if (byThread) return Promise.all(kinds.map(watch));
  const entries = [];
  for (const kind of kinds) entries.push(await watch(kind));
  return entries;
}

async function measure(seconds, start) {
  const { worker, thread, release } = await start();
  await sleep(SETTLE);
  const began = performance.now();
  const before = timeOf(thread);
  await sleep(seconds * 1000);
  const share = (timeOf(thread) - before) / (performance.now() - began);
  const ended = once(worker, 'exit');
  release();
  await ended;
  return share * 100;
}

/** Milliseconds that a thread has run; the process where the system does not tell. */
function timeOf(thread) {
  if (byThread) {
    const [nanoseconds] = readFileSync(join('/proc', thread, 'schedstat'), 'utf8').split(' ');
    return Number(nanoseconds) / 1e6;
  }
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function blocked() {
  const [tx, rx] = bounded(1);
  const { worker, thread } = await startWorker({ rx: transfer(rx) });
  while (tx.stats().waitingReceivers === 0) await sleep(1);
  return { worker, thread, release: () => tx.close() };
}

/** The same without millrace, for comparison. */
async function waiting() {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const release = () => {
    Atomics.store(cell, 0, 1);
    Atomics.notify(cell, 0);
  };
  return { ...(await startWorker({ cell })), release };
}

async function startWorker(workerData) {
  const worker = new Worker(workerFile, { workerData });
  const [thread] = await once(worker, 'message');
  return { worker, thread };
}
