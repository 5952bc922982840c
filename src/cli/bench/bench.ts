/** `millrace bench` from end to end: every size, every way in turn, and what came of it. */
import { type Progress, startProgress } from '../progress';
import type { BenchOptions } from './arguments';
import { Pair } from './pair';
import { type Result, type Size, json, table } from './report';
import { type WayName, ways } from './ways';

const sizes: readonly Size[] = [
  { label: '64 bytes', bytes: 64 },
  { label: '64 KiB', bytes: 65_536 },
  { label: '6.2 MB', bytes: 1920 * 1080 * 3 },
];
const names = Object.keys(ways) as WayName[];

/** Bytes that may be under way at once, for every way alike; never fewer than 4 messages, never more than 1,024. */
const BYTES_UNDER_WAY = 16 * 1024 * 1024;

/** Seconds of running before anything counts. */
const WARM_UP = 0.2;

/** Answers with the exit code: 0 measured, 130 interrupted. */
export async function bench(options: BenchOptions, output: NodeJS.WriteStream): Promise<number> {
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once('SIGINT', interrupt);
  try {
    return await measureAll(options, output, interruption.signal);
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    output.write('Interrupted: workers ended.\n');
    return 130;
  } finally {
    process.off('SIGINT', interrupt);
  }
}

async function measureAll(
  options: BenchOptions,
  output: NodeJS.WriteStream,
  signal: AbortSignal,
): Promise<number> {
  const results: Result[] = [];
  for (const size of sizes) {
    const whole = names.length * (options.repetitions + 1);
    // What a program reads has no bar in it.
    const progress = startProgress(options.json ? process.stderr : output, size.label, whole);
    const found = await measure(size, options, progress, signal);
    results.push(...found);
    if (!options.json) output.write(`${table(size, found)}\n\n`);
  }
  if (options.json) output.write(`${json(results)}\n`);
  return 0;
}

/** One size: all ways warmed up first, then repetition by repetition in turn. */
async function measure(
  size: Size,
  { seconds, repetitions }: BenchOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<Result[]> {
  const window = Math.min(1024, Math.max(4, Math.floor(BYTES_UNDER_WAY / size.bytes)));
  const runners: { way: WayName; pair: Pair; count: number; rates: number[] }[] = [];
  let done = 0;
  const closeAll = () => Promise.all(runners.map(({ pair }) => pair.close()));
  // A run that is under way rejects when its workers are gone.
  signal.addEventListener('abort', closeAll, { once: true });
  try {
    for (const way of names) {
      signal.throwIfAborted();
      const pair = await Pair.open(way, size.bytes, window);
      const runner = { way, pair, count: 0, rates: [] };
      runners.push(runner);
      signal.throwIfAborted();
      runner.count = await warmUp(pair, seconds);
      progress.show(++done);
    }
    for (let repetition = 0; repetition < repetitions; repetition++) {
      for (const { pair, count, rates } of runners) {
        signal.throwIfAborted();
        rates.push(count / (await pair.run(count)));
        progress.show(++done);
      }
    }
  } finally {
    signal.removeEventListener('abort', closeAll);
    progress.end();
    await closeAll();
  }
  return runners.map(({ way, rates }) => ({ size, way, rates }));
}

/** Runs until the code is warm; answers how many messages take about `seconds`. */
async function warmUp(pair: Pair, seconds: number): Promise<number> {
  let count = 16;
  let spent = 0;
  for (;;) {
    const took = await pair.run(count);
    spent += took;
    if (spent >= WARM_UP) return Math.max(16, Math.round((count / took) * seconds));
    count = Math.ceil(Math.min(count * 8, (count / took) * WARM_UP));
  }
}
