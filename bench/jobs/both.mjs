// A job's two halves, which run side by side in the main thread: one hands out, the other takes what comes back.

/** The seconds until both have ended, or the first error of either. */
export async function timeBoth(feed, collect) {
  const began = performance.now();
  await Promise.all([feed(), collect()]);
  return (performance.now() - began) / 1000;
}

/** Calls `take` for messages of these workers until `take` answers false; rejects when one fails. */
export function collectFrom(workers, take) {
  return new Promise((resolve, reject) => {
    const onMessage = (message) => {
      try {
        if (!take(message)) settle(resolve);
      } catch (error) {
        settle(reject, error);
      }
    };
    const fail = (error) => settle(reject, error);
    const settle = (how, result) => {
      for (const worker of workers) worker.off('message', onMessage).off('error', fail);
      how(result);
    };
    for (const worker of workers) worker.on('message', onMessage).on('error', fail);
  });
}
