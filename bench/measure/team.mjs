// Several workers that send and several that receive for one peer, on one channel where the peer has that.
import { once } from 'node:events';
import { answer, startWorker } from './pair.mjs';
import { proveAll } from '../messages/tally.mjs';

export async function openTeam(scenario, { module, settings = {} }) {
  const { openTeam: open } = await import(`../peers/${module}.mjs`);
  const { senders, receivers } = open(scenario, settings);
  /** How many senders still send. */
  const sending = new Int32Array(new SharedArrayBuffer(4));
  const start = (side) => (member, index) => {
    const team = { index, senders: senders.length, receivers: receivers.length, sending };
    return startWorker({ module, scenario, settings, side, team, ends: member.ends }, member.transferList);
  };
  const givers = senders.map(start(0));
  const takers = receivers.map(start(1));
  const all = [...givers, ...takers];
  await Promise.all(all.map(answer));

  return {
    /** Does an order, its messages shared out among the senders; as in pair.mjs. */
    async run({ count, backoff }) {
      const each = Math.ceil(count / givers.length);
      Atomics.store(sending, 0, givers.length);
      await tell(takers, { count: each, backoff });
      const taken = Promise.all(takers.map(answer));
      const given = await tell(givers, { count: each, backoff });
      const spans = await taken;
      proveAll(
        spans.map(({ told }) => told),
        givers.length,
        each,
      );
      const began = given.reduce((least, span) => (span.began < least ? span.began : least), given[0].began);
      const ended = spans.reduce((most, span) => (span.ended > most ? span.ended : most), spans[0].ended);
      return { count: each * givers.length, seconds: Number(ended - began) / 1e9 };
    },
    async close() {
      await Promise.all(all.map((worker) => (worker.postMessage('end'), once(worker, 'exit'))));
    },
  };
}

/** Gives all of them an order; their next answers. */
export function tell(workers, order) {
  const answers = Promise.all(workers.map(answer));
  for (const worker of workers) worker.postMessage(order);
  return answers;
}
