// A peer in a process of its own, so that its processor time and its memory are nobody else's: `openProcess` starts it,
// process-child.mjs is it.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { pinned } from './pinned.mjs';

const child = fileURLToPath(new URL('process-child.mjs', import.meta.url));

/** As `openPair`; what a run answers has its processor time in milliseconds as well, and `close` the most memory. */
export async function openProcess(scenario, { module, settings = {} }) {
  const { peers: _, names: __, ...plan } = scenario;
  const order = JSON.stringify({ scenario: plan, module, settings });
  const started = scenario.oneCore
    ? pinned(child, order)
    : fork(child, [order], { serialization: 'advanced' });
  const ended = once(started, 'exit');
  const answer = async () => {
    const settled = new AbortController();
    const { signal } = settled;
    try {
      const gone = ended.then(([code]) => {
        throw new Error(`The process of ${module} ended with code ${code} before it answered`);
      });
      const [message] = await Promise.race([once(started, 'message', { signal }), gone]);
      if (message.failed !== undefined) throw new Error(message.failed);
      return message;
    } finally {
      settled.abort();
    }
  };
  await answer();
  return {
    run(order) {
      const done = answer();
      started.send(order);
      return done;
    },
    /** Answers with the most bytes that the process had resident. */
    async close() {
      const done = answer();
      started.send('end');
      const { peak } = await done;
      // All is told. An exit of its own was seen to stand still: Node 24 joins a compiler's thread that waits for a
      // collection, which nobody begins any more.
      started.kill('SIGKILL');
      await ended;
      return peak;
    },
  };
}
