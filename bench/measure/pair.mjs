// Two workers that carry messages between them for one peer in one scenario; the main thread only waits.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

const workerFile = new URL('worker.mjs', import.meta.url);

export async function openPair(scenario, { module, settings = {} }) {
  const { open } = await import(`../peers/${module}.mjs`);
  const [first, second] = open(scenario, settings).map(({ ends, transferList }, side) =>
    startWorker({ module, scenario, settings, side, ends }, transferList),
  );
  await Promise.all([answer(first), answer(second)]);

  return {
    /** Does an order; answers how many messages it carried, the seconds from the first to the last, and the samples of a ping-pong. */
    async run(order) {
      const { count } = order;
      if (scenario.shape === 'queued') {
        const filled = answer(first);
        first.postMessage(order);
        await filled;
        return { count, seconds: await drain(second, order) };
      }
      // The second worker says that it is ready before the first one begins.
      const ready = answer(second);
      second.postMessage(order);
      await ready;
      const both = Promise.all([answer(first), answer(second)]);
      first.postMessage(order);
      const [{ began, ended, told }, other] = await both;
      const until = scenario.shape === 'ping-pong' ? ended : other.ended;
      return { count, seconds: Number(until - began) / 1e9, samples: told };
    },
    async close() {
      await Promise.all([first, second].map((worker) => (worker.postMessage('end'), once(worker, 'exit'))));
    },
  };
}

export function startWorker(workerData, transferList) {
  return new Worker(workerFile, { workerData, transferList });
}

/** Has a worker receive messages that are there; answers the seconds that it took. */
async function drain(worker, order) {
  const ready = answer(worker);
  worker.postMessage(order);
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
