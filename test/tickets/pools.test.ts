// Pool libraries pass tickets as they are: one reusable ticket in workerData, others as task arguments.
import { fileURLToPath } from 'node:url';
import { bounded, revoke, transfer } from 'millrace';
import { Piscina } from 'piscina';
import { Tinypool } from 'tinypool';
import { expect, test } from 'vitest';
import { registry, until } from '../threads/handshakes';

const jobCount = 400;

const task = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const four = { minThreads: 4, maxThreads: 4 };
const pools = [
  [
    'piscina',
    (workerData: unknown) => new Piscina({ filename: task('piscina-task.cjs'), workerData, ...four }),
  ],
  [
    'tinypool',
    (workerData: unknown) => new Tinypool({ filename: task('tinypool-task.mjs'), workerData, ...four }),
  ],
] as const;

test.each(pools)(
  'a %s pool of four gets its ends through one reusable ticket, and others through task arguments',
  async (_, open) => {
    const [jobs, theirJobs] = bounded<{ n: number }>(8, { codec: 'json' });
    const [theirResults, results] = bounded<{ n: number; square: number; thread: number }>(8, {
      codec: 'json',
    });
    const ticket = transfer({ jobs: theirJobs, results: theirResults }, { reusable: true });
    const pool = open(ticket);

    // Each task says its thread through an end of its own, and works once all four are at it.
    const [hello, hellos] = bounded<number>(4, { codec: 'json' });
    const tasks = Array.from(
      { length: 4 },
      () => pool.run(transfer({ hello: hello.clone() })) as Promise<number>,
    );
    hello.close();
    const threads = new Set<number>();
    for await (const thread of hellos) threads.add(thread);
    expect(threads.size).toBe(4);

    const sending = (async () => {
      for (let n = 0; n < jobCount; n += 1) await jobs.send({ n });
      jobs.close();
    })();
    const squares = new Map<number, number>();
    for (let i = 0; i < jobCount; i += 1) {
      const { n, square, thread } = await results.recv();
      squares.set(n, square);
      expect(threads).toContain(thread);
    }
    await sending;
    expect([...squares].every(([n, square]) => square === n * n)).toBe(true);
    expect(squares.size).toBe(jobCount);

    expect((await Promise.all(tasks)).reduce((sum, done) => sum + done)).toBe(jobCount);
    expect(revoke(ticket)).toBe(2);
    // The workers still hold theirs; they go with the pool.
    await pool.destroy();
    await expect(results.recv()).rejects.toMatchObject({ code: 'ERR_CHANNEL_CLOSED' });
    results.close();
    hellos.close();
    await until(() => registry().channels === 0, 'nothing is left open');
  },
);
