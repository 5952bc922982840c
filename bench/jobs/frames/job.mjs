// A camera, a stage and a screen, a thread each: the main thread starts them, and waits until the screen has seen enough.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

const threadFile = new URL('thread.mjs', import.meta.url);

/** `way` names how frames are handed over, `ends` are those of the camera, the stage and the screen. */
export async function open({ gap }, { way, settings, ends }) {
  /** 1 while the camera runs. */
  const running = new Int32Array(new SharedArrayBuffer(4));
  const threads = ['camera', 'stage', 'screen'].map((part, index) => {
    const { transferList, ...given } = ends[index];
    const workerData = { way, part, settings, gap, running, ends: given };
    return new Worker(threadFile, { workerData, transferList });
  });
  const failure = Promise.race(
    threads.map(async (thread) => {
      const [error] = await once(thread, 'error');
      throw error;
    }),
  );
  failure.catch(() => undefined);
  await Promise.race([failure, Promise.all(threads.map((thread) => once(thread, 'message')))]);
  const screen = threads[2];

  return {
    async run({ count }) {
      const seen = once(screen, 'message');
      const began = performance.now();
      Atomics.store(running, 0, 1);
      Atomics.notify(running, 0);
      screen.postMessage(count);
      const [samples] = await Promise.race([failure, seen]);
      Atomics.store(running, 0, 0);
      return { count, seconds: (performance.now() - began) / 1000, samples };
    },
    close: () => Promise.all(threads.map((thread) => thread.terminate())),
  };
}
