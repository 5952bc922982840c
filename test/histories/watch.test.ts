// Random histories of a watch whose writers and readers come, go and die: no reader sees an older value or a torn one, and all see the last.
import { createRequire } from 'node:module';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { revoke, transfer, watch } from 'millrace';
import { expect, test } from 'vitest';

import { fullLength } from '../full-length';
import { exitOf, registry, until } from '../threads/handshakes';

const { chance } = createRequire(import.meta.url)('../fuzz/fixtures/chance.cjs') as {
  chance(seed: number): { below(count: number): number };
};
const histories = fullLength(20, 2);
const sets = fullLength(20_000, 2_000);
const seed = Number(process.env['MILLRACE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

function start(name: string, data: object): Worker {
  return new Worker(new URL(`fixtures/watch-${name}.cjs`, import.meta.url), { workerData: data });
}

async function play(seed: number): Promise<number> {
  const { below } = chance(seed);
  const [tx, rx] = watch();
  const ready: Promise<unknown>[] = [];
  const read = async (): Promise<{ last: number; seen: number } | undefined> => {
    const ticket = transfer({ rx: tx.subscribe() });
    const worker = start('reader', { seed: below(2 ** 31), ticket });
    const exited = exitOf(worker);
    if (below(4) === 0) setTimeout(() => void worker.terminate(), below(300));
    const told = () => Promise.race([once(worker, 'message'), exited]);
    const first = told();
    ready.push(first);
    await first;
    const answer = await told();
    await exited;
    // One that was stopped before it had it.
    revoke(ticket);
    return Array.isArray(answer) ? (answer[0] as { last: number; seen: number }) : undefined;
  };
  const readers = Array.from({ length: 4 }, read);
  await Promise.all(ready);
  const writers = Array.from({ length: 3 }, (_, writer) => {
    const data = { seed: below(2 ** 31), ticket: transfer({ tx: tx.clone() }), writer, count: sets };
    return exitOf(start('writer', { ...data, dies: writer > 0 && below(2) === 0 }));
  });
  await Promise.all(writers);
  tx.close();
  const last = new Uint32Array(rx.get()!.slice().buffer)[0];
  let seen = 0;
  for (const answer of await Promise.all(readers)) {
    if (answer === undefined) continue;
    expect(answer.last, `MILLRACE_SEED=${seed}`).toBe(last);
    seen += answer.seen;
  }
  rx.close();
  await until(() => registry().ends === 0, 'all have left');
  return seen;
}

test(
  `${histories * 3 * sets} sets: no reader sees an older value, or a torn one`,
  { timeout: 3_600_000 },
  async () => {
    let seen = 0;
    for (let number = 0; number < histories; number += 1) seen += await play(seed + number);
    console.log(`${seen} values were seen, MILLRACE_SEED=${seed}`);
  },
);
