// npm's multithreading: its channel in a pool of its own. It carries JSON: a message is a string of one byte a character.
import { availableParallelism } from 'node:os';

const parts = new URL('multithreading-parts.mjs', import.meta.url).href;
/** Threads of the one pool: as many as the largest team has. */
const THREADS = 8;
/** Bytes of a channel's heap: so many that it is never collected, which moves strings that a receiver is reading (of 16 MiB, every second run ended with a message of long ago in place of the next). */
const HEAP = 1 << 28;
let loading;

export async function start(scenario, { blocking }) {
  loading ??= load();
  const library = await loading;
  const { size, window, senders = 1, receivers = 1 } = scenario;
  const [tx, rx] = library.channel(window, { size: HEAP });
  const sides = { senders, receivers };

  return {
    async run({ count }) {
      const each = Math.ceil(count / senders);
      const order = { blocking, size, count: each, sides };
      const left = new library.Mutex(new Int32Array(new SharedArrayBuffer(4)).fill(senders));
      const takers = Array.from({ length: receivers }, () =>
        library.spawn(library.move(rx.clone(), order, parts), async (rx, order, parts) => {
          const { receive } = await import(parts);
          return receive(rx, order);
        }),
      );
      const givers = Array.from({ length: senders }, (_, index) =>
        library.spawn(
          library.move(tx.clone(), { ...order, index }, left, parts),
          async (tx, order, left, parts) => {
            const { send } = await import(parts);
            return send(tx, order, left);
          },
        ),
      );
      const [given, taken] = await Promise.all([settle(givers), settle(takers)]);
      proveCounts(taken, senders, each);
      const began = Math.min(...given.map(({ began }) => began));
      const ended = Math.max(...taken.map(({ ended }) => ended));
      return { count: each * senders, seconds: (ended - began) / 1e9 };
    },
    close() {
      tx.close();
    },
  };
}

async function settle(tasks) {
  const results = await Promise.all(tasks.map((task) => task.join()));
  return results.map((result) => {
    if (!result.ok) throw result.error;
    return result.value;
  });
}

function proveCounts(taken, senders, count) {
  for (let sender = 0; sender < senders; sender++) {
    const received = taken.reduce((total, { counts }) => total + counts[sender], 0);
    if (received !== count)
      throw new Error(`Of ${count} messages of sender ${sender} ${received} were received`);
  }
}

/** Once a process; Node 20 lacks two things that the library takes for granted. */
async function load() {
  globalThis.navigator ??= { hardwareConcurrency: availableParallelism() };
  Promise.withResolvers ??= function withResolvers() {
    const deferred = {};
    deferred.promise = new this((resolve, reject) => Object.assign(deferred, { resolve, reject }));
    return deferred;
  };
  const library = await import('multithreading');
  library.initRuntime({ maxWorkers: THREADS });
  return library;
}

/** Ends the pool, without which the process would not end. */
export async function shutdown() {
  if (loading !== undefined) (await loading).shutdown();
}
