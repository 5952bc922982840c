// Two workers that carry messages between them for one peer in one scenario; the main thread only waits.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

const workerFile = new URL('worker.mjs', import.meta.url);

export async function openPair(scenario, peer) {
  const { open } = await import(`./peers/${peer.module}.mjs`);
  const [first, second] = open(scenario).map(
    ({ ends, transferList }, side) =>
      new Worker(workerFile, { workerData: { module: peer.module, scenario, side, ends }, transferList }),
  );
  await Promise.all([answer(first), answer(second)]);

  return {
    /** Carries `count` messages; answers the seconds from before the first to after the last. */
    async run(count) {
      if (scenario.shape === 'queued') {
        const filled = answer(first);
        first.postMessage(count);
        await filled;
        return drain(second, count);
      }
      // The second worker says that it is ready before the first one begins.
      const ready = answer(second);
      second.postMessage(count);
      await ready;
      const both = Promise.all([answer(first), answer(second)]);
      first.postMessage(count);
      const [{ began, ended }, other] = await both;
      const until = scenario.shape === 'ping-pong' ? ended : other.ended;
      return Number(until - began) / 1e9;
    },
    async close() {
      await Promise.all([first, second].map((worker) => (worker.postMessage('end'), once(worker, 'exit'))));
    },
  };
}

/** Has a worker receive `count` messages that are there; answers the seconds that it took. */
async function drain(worker, count) {
  const ready = answer(worker);
  worker.postMessage(count);
  await ready;
  const { began, ended } = await answer(worker);
  return Number(ended - began) / 1e9;
}

/** The next message of a worker; rejects when it fails or ends instead. */
export async function answer(worker) {
  const settled = new AbortController();
  const { signal } = settled;
  try {
    const ended = once(worker, 'exit', { signal }).then(() => {
      throw new Error('A worker ended before it answered');
    });
    // `once` rejects when the worker fails.
    const [message] = await Promise.race([once(worker, 'message', { signal }), ended]);
    return message;
  } finally {
    settled.abort();
  }
}
