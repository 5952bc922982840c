// One thread that sends, and several that all get every message: starts them, and waits until all have all.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

const threadFile = new URL('thread.mjs', import.meta.url);

/** `way` names how messages go; `sender` and `receivers` are what each of these threads is given for it. */
export async function open({ size, window }, { way, sender, receivers }) {
  const start = (part, { transferList, ...ends }) =>
    new Worker(threadFile, { workerData: { way, part, size, window, ends }, transferList });
  const takers = receivers.map((each) => start('receive', each));
  const giver = start('send', sender);
  const threads = [giver, ...takers];
  await Promise.all(threads.map((thread) => once(thread, 'message')));

  return {
    async run({ count }) {
      // Every receiver says that it is ready before the first message goes.
      await tell(takers, count);
      const done = Promise.all(takers.map((taker) => once(taker, 'message')));
      const began = performance.now();
      await Promise.all([tell([giver], count), done]);
      return { count, seconds: (performance.now() - began) / 1000 };
    },
    close: () => Promise.all(threads.map((thread) => thread.terminate())),
  };
}

/** Gives threads an order; their next answers. */
function tell(threads, order) {
  const answers = Promise.all(threads.map((thread) => once(thread, 'message')));
  for (const thread of threads) thread.postMessage(order);
  return answers;
}
