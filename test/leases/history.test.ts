// A random history, seeded: workers that lease and die. Each message is acknowledged exactly once or is a dead letter, at its attempt, and none is lost.
import { bounded, spawn, unbounded } from 'millrace';
import { expect, test } from 'vitest';

import { fullLength } from '../full-length';

const leases = fullLength(200_000, 10_000);
const maxAttempts = 3;

test.each([1, 2])(
  'history %d: every message is acknowledged once, or dead after its last attempt',
  { timeout: 3_600_000 },
  async (seed) => {
    const [letters, dead] = unbounded({ codec: 'f64' });
    const [tx, jobs] = bounded(256, { codec: 'f64', ack: true, maxAttempts, deadLetter: letters });
    const [acknowledged, attempts] = [new SharedArrayBuffer(4 * leases), new SharedArrayBuffer(4 * leases)];
    const failures: string[] = [];
    let born = 0;
    const deaths = { thrown: 0, exited: 0, stopped: 0, inOrder: 0 };
    const exits: Promise<void>[] = [];
    const work = (): void => {
      born += 1;
      const workerData = { acknowledged, attempts, seed: seed * 1000 + born };
      const worker = spawn(new URL('fixtures/mortal.mjs', import.meta.url), {
        jobs: jobs.clone(),
        ...workerData,
      });
      worker.on('error', ({ message }) => {
        if (message === 'by chance') deaths.thrown += 1;
        else failures.push(message);
      });
      worker.on('message', () => {
        deaths.stopped += 1;
        void worker.terminate();
      });
      exits.push(
        new Promise((resolve) => {
          worker.on('exit', (code) => {
            if (code === 7) deaths.exited += 1;
            if (code === 0) deaths.inOrder += 1;
            if (!tx.isClosed) work();
            resolve();
          });
        }),
      );
    };
    for (let count = 0; count < 3; count += 1) work();
    for (let value = 0; value < leases; value += 1) await tx.send(value);
    await tx.drained();
    const { received, dropped, ...left } = tx.stats();
    tx.close();
    jobs.close();
    for (let at = 0; at < exits.length; at += 1) await exits[at];
    const lost: number[] = [];
    for await (const value of dead) lost.push(value);
    dead.close();
    const counts = new Int32Array(acknowledged);
    for (const value of lost) counts[value]! += 1;
    console.log(`${leases} leases, ${lost.length} dead letters, workers ended: ${JSON.stringify(deaths)}`);
    expect(failures).toEqual([]);
    expect(left).toMatchObject({ sent: leases, length: 0, leased: 0, discarded: 0 });
    expect([received, dropped]).toEqual([leases - lost.length, lost.length]);
    expect(counts.every((count) => count === 1)).toBe(true);
    expect(lost.every((value) => new Int32Array(attempts)[value] === maxAttempts)).toBe(true);
  },
);
