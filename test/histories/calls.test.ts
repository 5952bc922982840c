// Random histories of calls, with responders and callers that die: every call settles once, what it settles with is true, and one that says that nobody had its request was not run.
import { createRequire } from 'node:module';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { CallLostError, type Caller, type Responder, rpc, transfer } from 'millrace';
import { expect, test } from 'vitest';

import { fullLength } from '../full-length';
import { registry, until } from '../threads/handshakes';

interface Chance {
  below(count: number): number;
  once(share: number): boolean;
}
const { chance } = createRequire(import.meta.url)('../fuzz/fixtures/chance.cjs') as {
  chance(seed: number): Chance;
};

/** Calls of a history, of the main thread and of a worker. */
const mine = 1600;
const theirs = 400;
const histories = fullLength(100, 3);
const seed = Number(process.env['MILLRACE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** What a call came to. */
type Outcome = 'replied' | 'failed' | 'taken' | 'untaken' | 'nothing' | 'aborted' | 'closed';

function shared(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * length));
}

class History {
  readonly #chance: Chance;
  readonly #runs = shared(mine + theirs);
  readonly #settled = shared(mine + theirs);
  /** Of the worker's calls, which were said to have been nobody's. */
  readonly #untaken = shared(mine + theirs);
  readonly #outcomes: Outcome[] = [];
  readonly #caller: Caller<number, number>;
  readonly #spare: Responder<number, number>;
  #workers = 0;

  constructor(private readonly seed: number) {
    this.#chance = chance(seed);
    [this.#caller, this.#spare] = rpc<number, number>(1 + this.#chance.below(64));
  }

  async play(): Promise<Outcome[]> {
    const { below } = this.#chance;
    const caller = this.#theirCaller();
    for (let responders = 1 + below(3); responders > 0; responders -= 1) this.#respond(true);
    const callerEnded = new Promise<number>((resolve) => caller.once('exit', resolve));
    // From some call on nobody comes after those who die, and at last nobody is there.
    const leaves = below(4) === 0 ? below(mine) : mine;
    const calls: Promise<void>[] = [];
    for (let number = 0; number < mine; number += 1) {
      if (number === leaves) this.#spare.close();
      calls.push(this.#call(number));
      if (calls.length >= 32) await Promise.all(calls.splice(0, below(32)));
    }
    // Who is left answers what is left.
    if (leaves === mine) this.#respond(false);
    await Promise.all(calls);
    const code = await callerEnded;
    if (leaves === mine) this.#spare.close();
    this.#caller.close();
    await until(() => this.#workers === 0 && registry().ends === 0, 'all have left');
    this.#check(code);
    return this.#outcomes;
  }

  #theirCaller(): Worker {
    const ticket = transfer({ caller: this.#caller.clone() });
    const [settled, untaken] = [this.#settled, this.#untaken];
    const data = { ticket, first: mine, count: theirs, settled, untaken };
    return this.#start('caller', data);
  }

  /** A responder, and another one when it has died, as long as there is the spare. */
  #respond(deadly: boolean): void {
    const ticket = transfer({ responder: this.#spare.clone() });
    const worker = this.#start('responder', { ticket, runs: this.#runs, deadly });
    const dies = deadly && this.#chance.once(0.2);
    if (dies) void once(worker, 'message').then(() => worker.terminate());
    worker.once('exit', () => {
      if (deadly && !this.#spare.isClosed) this.#respond(true);
    });
  }

  #start(name: string, data: object): Worker {
    const workerData = { seed: this.#chance.below(2 ** 31), ...data };
    const worker = new Worker(new URL(`fixtures/${name}.cjs`, import.meta.url), { workerData });
    worker.on('error', () => undefined);
    this.#workers += 1;
    worker.once('exit', () => (this.#workers -= 1));
    return worker;
  }

  #call(number: number): Promise<void> {
    const { below, once } = this.#chance;
    const abort = once(0.1) ? new AbortController() : undefined;
    const wait = {
      ...(once(0.1) ? { timeout: below(4) } : {}),
      ...(abort === undefined ? {} : { signal: abort.signal }),
    };
    const call = this.#caller.call(number, wait);
    if (abort !== undefined) setImmediate(() => abort.abort('enough'));
    return call.then(
      (value) => this.#note(number, value === undefined ? 'nothing' : 'replied', value ?? number * 2),
      (error: unknown) => this.#note(number, kindOf(error, number), number * 2),
    );
  }

  #note(number: number, outcome: Outcome, value: number): void {
    Atomics.add(this.#settled, number, 1);
    this.#outcomes[number] = outcome;
    expect(value, `seed ${this.seed}`).toBe(number * 2);
  }

  #check(callerCode: number): void {
    const wrong: string[] = [];
    for (let number = 0; number < mine; number += 1) {
      const [outcome, runs, settled] = [this.#outcomes[number], this.#runs[number]!, this.#settled[number]];
      const must = outcome === 'replied' || outcome === 'failed';
      const mustNot = outcome === 'untaken' || outcome === 'closed';
      if (settled !== 1 || runs > 1 || (must && runs !== 1) || (mustNot && runs !== 0)) {
        wrong.push(`call ${number}: ${outcome}, settled ${settled} times, run ${runs} times`);
      }
    }
    for (let number = mine; number < mine + theirs; number += 1) {
      const [runs, settled] = [this.#runs[number]!, this.#settled[number]!];
      const untaken = this.#untaken[number] === 1;
      if (runs > 1 || settled > 1 || (callerCode === 0 && settled !== 1) || (untaken && runs > 0)) {
        const what = untaken ? 'said to be untaken, ' : '';
        wrong.push(`call ${number} of a worker: ${what}settled ${settled} times, run ${runs} times`);
      }
    }
    expect(wrong, `seed ${this.seed}`).toEqual([]);
  }
}

function kindOf(error: unknown, number: number): Outcome {
  if (error === 'enough') return 'aborted';
  if (error instanceof CallLostError) return error.taken ? 'taken' : 'untaken';
  if (error instanceof RangeError && error.message === `no. ${number}`) return 'failed';
  if ((error as { code?: string }).code === 'ERR_CHANNEL_CLOSED') return 'closed';
  throw error;
}

test(
  `${histories * (mine + theirs)} calls settle once each, whoever dies`,
  { timeout: 3_600_000 },
  async () => {
    const tally: Partial<Record<Outcome, number>> = {};
    for (let number = 0; number < histories; number += 1) {
      for (const outcome of await new History(seed + number).play()) {
        tally[outcome] = (tally[outcome] ?? 0) + 1;
      }
    }
    console.log(`${histories} histories of calls, MILLRACE_SEED=${seed}: ${JSON.stringify(tally)}`);
    // Each of the frequent outcomes was there, and in many histories each of all.
    const rare: Outcome[] = fullLength(['untaken', 'aborted', 'closed'], []);
    const outcomes = ['replied', 'failed', 'taken', 'nothing', ...rare];
    expect(Object.keys(tally)).toEqual(expect.arrayContaining(outcomes));
  },
);
