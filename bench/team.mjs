// Four workers that send and two that receive on one channel; the main thread watches its figures.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { answer } from './pair.mjs';

const workerFile = new URL('worker.mjs', import.meta.url);

export async function openTeam(scenario, peer) {
  const { open } = await import(`./peers/${peer.module}.mjs`);
  const { producers: sending, consumers: receiving, over, watch } = open(scenario, peer);
  const start = (side) => (ends) =>
    new Worker(workerFile, { workerData: { module: peer.module, scenario, side, ends } });
  const [producers, consumers] = [sending.map(start(0)), receiving.map(start(1))];
  await Promise.all([...producers, ...consumers].map(answer));

  return {
    /** Has `count` messages sent; answers the seconds from the first send to the last. */
    async run(count) {
      const each = Math.ceil(count / producers.length);
      Atomics.store(over, 0, 0);
      await tell(consumers, each);
      const consumed = Promise.all(consumers.map(answer));
      const spans = await tell(producers, each);
      // What is still queued is received, but not waited for: it would not be there if it had been dropped.
      Atomics.store(over, 0, 1);
      await consumed;
      balance(watch.stats());
      const began = spans.reduce((least, span) => (span.began < least ? span.began : least), spans[0].began);
      const ended = spans.reduce((most, span) => (span.ended > most ? span.ended : most), spans[0].ended);
      return Number(ended - began) / 1e9;
    },
    async close() {
      const exits = [...producers, ...consumers].map((worker) => once(worker, 'exit'));
      for (const worker of [...producers, ...consumers]) worker.postMessage('end');
      await Promise.all(exits);
      watch.close();
    },
  };
}

/** Gives all of them a number; their next answers. */
function tell(workers, number) {
  const answers = Promise.all(workers.map(answer));
  for (const worker of workers) worker.postMessage(number);
  return answers;
}

function balance({ sent, received, dropped, length }) {
  if (sent === received + dropped && length === 0) return;
  throw new Error(
    `Of ${sent} messages ${received} were received and ${dropped} dropped, ${length} are queued`,
  );
}
