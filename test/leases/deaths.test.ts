// A worker ends, in each of seven ways and at each step: what it had not acknowledged is received by the others, in order, each at its attempt.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { bounded, transfer } from 'millrace';
import { afterEach, expect, test } from 'vitest';

import { exitOf, registry, until } from '../threads/handshakes';

const manners = ['returns', 'throws', 'exits', 'exitsSeven', 'terminated', 'outOfMemory'] as const;
/** What is received after a worker's end of three messages, by what it had done with them. */
const left = {
  idle: ['one 1', 'two 1', 'three 1'],
  // It may have been told of the first, or not.
  waiting: [expect.stringMatching(/^one [12]$/), 'two 1', 'three 1'],
  leased: ['one 2', 'two 1', 'three 1'],
  all: ['one 2', 'two 2', 'three 2'],
  acknowledged: ['two 2', 'three 1'],
  again: ['one 3', 'two 1', 'three 1'],
} as const;
type Step = keyof typeof left;
const cases = (Object.keys(left) as Step[]).flatMap((step) =>
  manners.map((manner) => [step, manner] as const),
);

afterEach(async () => {
  await until(() => registry().channels === 0 && registry().ends === 0, 'the registry is empty');
});

async function after(step: Step, manner: string): Promise<string[]> {
  const [tx, rx] = bounded(3, { codec: 'text', ack: true });
  tx.trySendMany(['one', 'two', 'three']);
  const worker = new Worker(new URL('fixtures/dying.cjs', import.meta.url), {
    workerData: { step, manner, ticket: transfer({ jobs: rx.clone() }) },
    resourceLimits: { maxOldGenerationSizeMb: 32 },
  });
  worker.on('error', () => {});
  const exited = exitOf(worker);
  if (manner !== 'failsToLoad') {
    await once(worker, 'message');
    worker.postMessage('end');
    if (manner === 'terminated') await worker.terminate();
  }
  await exited;
  await until(() => rx.stats().receivers === 1, 'its ends are gone');
  expect(rx.stats()).toMatchObject({ leased: 0, dropped: 0, discarded: 0 });
  tx.close();
  const received: string[] = [];
  for await (const lease of rx) {
    received.push(`${lease.value} ${lease.attempt}`);
    lease.ack();
  }
  rx.close();
  return received;
}

test.each(cases)('a worker that had come to "%s" when its thread %s', async (step, manner) => {
  expect(await after(step, manner)).toEqual(left[step]);
});

test.each(['idle', 'leased', 'all'] as const)('a worker that fails to load at "%s"', async (step) => {
  expect(await after(step, 'failsToLoad')).toEqual(left[step]);
});
