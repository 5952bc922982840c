// Four workers that send and two that receive on one channel; the main thread watches its figures.
import { once } from 'node:events';
import { answer, startWorker } from './pair.mjs';
import { tell } from './team.mjs';

export async function openOverflow(scenario, { module, settings }) {
  const { open } = await import(`../peers/${module}.mjs`);
  const { producers: sending, consumers: receiving, over, watch } = open(scenario, settings);
  const start = (side) => (ends) => startWorker({ module, scenario, settings, side, ends });
  const [producers, consumers] = [sending.map(start(0)), receiving.map(start(1))];
  await Promise.all([...producers, ...consumers].map(answer));

  return {
    /** Does an order; the seconds are from the first send to the last. */
    async run({ count }) {
      const each = Math.ceil(count / producers.length);
      Atomics.store(over, 0, 0);
      await tell(consumers, { count: each });
      const consumed = Promise.all(consumers.map(answer));
      const spans = await tell(producers, { count: each });
      // What is still queued is received, but not waited for: it would not be there if it had been dropped.
      Atomics.store(over, 0, 1);
      await consumed;
      balance(watch.stats());
      const began = spans.reduce((least, span) => (span.began < least ? span.began : least), spans[0].began);
      const ended = spans.reduce((most, span) => (span.ended > most ? span.ended : most), spans[0].ended);
      return { count: each * producers.length, seconds: Number(ended - began) / 1e9 };
    },
    async close() {
      const all = [...producers, ...consumers];
      const exits = all.map((worker) => once(worker, 'exit'));
      for (const worker of all) worker.postMessage('end');
      await Promise.all(exits);
      watch.close();
    },
  };
}

function balance({ sent, received, dropped, length }) {
  if (sent === received + dropped && length === 0) return;
  throw new Error(
    `Of ${sent} messages ${received} were received and ${dropped} dropped, ${length} are queued`,
  );
}
