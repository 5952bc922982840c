// Workers that log to one writer: starts them, has them log, and waits until all lines are in the file.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { scratchFile } from '../scratch-file.mjs';

const loggerFile = new URL('logger.mjs', import.meta.url);

/** What a writer is told, whoever it is. */
export function writing({ workers }) {
  const written = new Int32Array(new SharedArrayBuffer(4));
  return { path: scratchFile('log'), workers, written };
}

/**
 * `way` names the logger's way of handing lines over, `ends` gives what each one needs for it, `writer` is the writer's
 * thread where this one has started it, and `end` ends it.
 */
export async function open({ way, ends, written, writer, end = () => undefined }) {
  const loggers = ends.map(({ transferList, ...given }, index) => {
    return new Worker(loggerFile, { workerData: { way, index, ...given }, transferList });
  });
  const all = writer === undefined ? loggers : [...loggers, writer];
  const failure = Promise.race(
    all.map(async (worker) => {
      const [error] = await once(worker, 'error');
      throw error;
    }),
  );
  failure.catch(() => undefined);
  await Promise.race([failure, Promise.all(loggers.map((logger) => once(logger, 'message')))]);

  return {
    async run({ count }) {
      const each = Math.ceil(count / loggers.length);
      const before = Atomics.load(written, 0);
      const all = before + each * loggers.length;
      const began = performance.now();
      for (const logger of loggers) logger.postMessage(each);
      await Promise.race([failure, reached(written, all)]);
      return { count: each * loggers.length, seconds: (performance.now() - began) / 1000 };
    },
    async close() {
      await Promise.all(loggers.map((logger) => logger.terminate()));
      await end();
    },
  };
}

async function reached(written, all) {
  for (let seen = Atomics.load(written, 0); seen < all; seen = Atomics.load(written, 0)) {
    const { async, value } = Atomics.waitAsync(written, 0, seen);
    if (async) await value;
  }
}
