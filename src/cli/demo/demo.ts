/** The demo from end to end: read a file without channels, hand it over every way, compare, report. */
import { megabytes } from '../columns';
import type { Cost } from '../meter';
import { startProgress } from '../progress';
import { digestOf } from './job';
import type { DemoOptions } from './options';
import { OwnProcess } from './process';
import { type Proof, Prover, differences } from './proof';
import { type Run, comparison, legendOf, reasons, table, verdict } from './report';
import { Source } from './source';
import { nameOf, waysOf } from './ways';

/** Answers with the exit code: 0 proved, 1 disproved, 130 interrupted. */
export async function demo(options: DemoOptions, output: NodeJS.WriteStream): Promise<number> {
  const source = await Source.open(options.path, options.chunk);
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once('SIGINT', interrupt);
  try {
    return await handOver(source, options, output, interruption.signal);
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    output.write('Interrupted: channels closed, workers ended.\n');
    return 130;
  } finally {
    process.off('SIGINT', interrupt);
    await source.close();
  }
}

async function handOver(
  source: Source,
  options: DemoOptions,
  output: NodeJS.WriteStream,
  signal: AbortSignal,
): Promise<number> {
  const { job, workers, chunk, capacity, verbs, rounds } = options;
  output.write(`${source.path}: ${megabytes(source.size)}\n`);
  output.write(`${job}, chunks of ${chunk} bytes, channels of ${capacity}, workers: ${workers}\n\n`);
  output.write(`${reasons(verbs)}\n\n`);

  const expected = await readThrough(source, signal);
  const ways = waysOf(options);
  const width = Math.max(...ways.map((way) => nameOf(way).length));
  const running: Running[] = [];
  const complaints = new Set<string>();
  const turn = async (run: Running, progress: (bytes: number) => void): Promise<Cost> => {
    const { cost, proof } = await run.process.handOver(progress);
    for (const difference of differences(expected, proof)) complaints.add(`${run.name}: ${difference}`);
    return cost;
  };
  try {
    for (const way of ways) {
      signal.throwIfAborted();
      const run = { way, name: nameOf(way), costs: [], process: new OwnProcess({ way, options }, signal) };
      running.push(run);
      await shown(output, run.name.padEnd(width), source.size, (progress) => turn(run, progress));
    }
    const all = source.size * ways.length * rounds;
    await shown(output, 'warm, in turn'.padEnd(width), all, async (progress) => {
      for (let begun = 0; begun < rounds * ways.length; begun++) {
        signal.throwIfAborted();
        const run = running[begun % ways.length]!;
        run.costs.push(await turn(run, (bytes) => progress(begun * source.size + bytes)));
      }
    });
  } finally {
    await Promise.all(running.map((run) => run.process.end()));
  }

  output.write(
    `\n${table(expected.bytes, running)}\n${legendOf(rounds)}\n\n${comparison(expected.bytes, running)}\n`,
  );
  if (complaints.size === 0) {
    output.write(`${verdict(expected)}\n`);
    return 0;
  }
  console.error(`What came back is not what was sent.\n${[...complaints].join('\n')}`);
  return 1;
}

interface Running extends Run {
  readonly costs: Cost[];
  readonly process: OwnProcess;
}

/** Does something whose progress is shown. */
async function shown(
  output: NodeJS.WriteStream,
  name: string,
  whole: number,
  act: (progress: (done: number) => void) => Promise<unknown>,
): Promise<void> {
  const progress = startProgress(output, name, whole);
  try {
    await act((done) => progress.show(done));
    progress.show(whole);
  } finally {
    progress.end();
  }
}

/** What the file is, without any channel. It also brings the file into the system's cache, for all alike. */
async function readThrough(source: Source, signal: AbortSignal): Promise<Proof> {
  const prover = new Prover();
  const buffer = new Uint8Array(source.chunk);
  for (let index = 0; ; index++) {
    signal.throwIfAborted();
    const length = await source.read(index, buffer);
    if (length === 0) return prover.finish();
    const chunk = buffer.subarray(0, length);
    prover.add(chunk, digestOf(chunk));
  }
}
