// Random histories of a broadcast whose receivers come and go, and die: each sees a run without gaps, or with gaps that it counts, and all see one order.
import { createRequire } from 'node:module';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { broadcast, type BroadcastReceiver, revoke, transfer } from 'millrace';
import { expect, test } from 'vitest';

import { fullLength } from '../full-length';
import { registry, until } from '../threads/handshakes';

const { chance } = createRequire(import.meta.url)('../fuzz/fixtures/chance.cjs') as {
  chance(seed: number): { below(count: number): number };
};
const messages = fullLength(1_000_000, 20_000);
const receivers = 6;
const seed = Number(process.env['MILLRACE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** What a receiver has noted: `meta` says how much, what it has missed, and whether it was told of the end. */
interface Log {
  readonly values: Float64Array;
  readonly meta: Int32Array;
}

function log(): Log {
  return {
    values: new Float64Array(new SharedArrayBuffer(8 * messages)),
    meta: new Int32Array(new SharedArrayBuffer(12)),
  };
}

function start(name: string, data: object): Worker {
  return new Worker(new URL(`fixtures/broadcast-${name}.cjs`, import.meta.url), { workerData: data });
}

/** Plays a history; what each receiver has noted, of which the first was there from the first message to the last. */
async function play(lag: 'wait' | 'skip', senders: number): Promise<Log[]> {
  const { below } = chance(seed);
  const [tx, first] = broadcast(256, { codec: 'f64', lag });
  const logs: Log[] = [];
  const receive = (rx: BroadcastReceiver<number>, quota: number) => {
    const noted = log();
    logs.push(noted);
    const ticket = transfer({ rx });
    // What is missed between a look at `skipped` and a clone is nobody's.
    const clones = lag === 'wait';
    const data = { seed: below(2 ** 31), ticket, quota, clones, dies: below(2) === 0, ...noted };
    const worker = start('receiver', data);
    if (quota < Infinity && below(6) === 0) setTimeout(() => void worker.terminate(), below(500));
    // One that was stopped before it had it.
    return once(worker, 'exit').then(() => revoke(ticket));
  };
  /** One after the other in this one's place, until there is nothing more to come. */
  const comeAndGo = async () => {
    while (!tx.isClosed) await receive(tx.subscribe(), 1 + below(messages / 4));
  };
  const all = [receive(first, Infinity)];
  const send = (number: number) => {
    const [step, count] = [senders, messages / senders];
    const ticket = transfer({ tx: tx.clone() });
    return once(start('sender', { seed: below(2 ** 31), ticket, first: number, step, count }), 'exit');
  };
  const sent = Promise.all(Array.from({ length: senders }, (_, number) => send(number)));
  const going = Array.from({ length: receivers - 1 }, comeAndGo);
  await sent;
  tx.end();
  await Promise.all([...all, ...going]);
  tx.close();
  await until(() => registry().ends === 0, 'all have left');
  return logs;
}

const told = (what: string) => `${what} (MILLRACE_SEED=${seed})`;

test(
  `${messages} messages of two senders: all receivers see one order, each a run of it`,
  { timeout: 3_600_000 },
  async () => {
    const [whole, ...others] = await play('wait', 2);
    // Where each message stands in the order that the first receiver has seen.
    const places = new Int32Array(messages).fill(-1);
    const last = [-2, -1];
    for (let place = 0; place < messages; place += 1) {
      const value = whole!.values[place]!;
      if (value !== last[value % 2]! + 2) expect.fail(told(`${value} came after ${last[value % 2]}`));
      last[value % 2] = value;
      places[value] = place;
    }
    expect([...whole!.meta]).toEqual([messages, 0, 1]);
    for (const { values, meta } of others) {
      expect(meta[1]).toBe(0);
      for (let at = 1; at < meta[0]!; at += 1) {
        if (places[values[at]!] === places[values[at - 1]!]! + 1) continue;
        expect.fail(told(`${values[at]} came after ${values[at - 1]}, which is not their order`));
      }
    }
    console.log(told(`${others.length} receivers came and went`));
  },
);

test(
  `${messages} messages to receivers that lag: each sees the order, and counts what it missed`,
  { timeout: 3_600_000 },
  async () => {
    const [whole, ...others] = await play('skip', 1);
    const [received, missed, wasTold] = whole!.meta;
    expect([received! + missed!, wasTold]).toEqual([messages, 1]);
    for (const { values, meta } of [whole!, ...others]) {
      let gaps = 0;
      for (let at = 1; at < meta[0]!; at += 1) {
        const gap = values[at]! - values[at - 1]! - 1;
        if (gap < 0) expect.fail(told(`${values[at]} came after ${values[at - 1]}`));
        gaps += gap;
      }
      // One that was stopped from outside has told of none.
      if (meta[2] === 1) expect(gaps).toBeLessThanOrEqual(meta[1]!);
    }
    console.log(told(`${others.length} receivers came and went; the first one missed ${missed}`));
  },
);
