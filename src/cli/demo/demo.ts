/** The demo from end to end: read a file without channels, hand it over every way, compare, report. */
import { megabytes } from '../columns';
import { startProgress } from '../progress';
import { digestOf } from './job';
import type { DemoOptions } from './options';
import { inOwnProcess } from './process';
import { type Proof, Prover, differences } from './proof';
import { type Run, comparison, legend, reasons, table, verdict } from './report';
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
  const { job, workers, chunk, capacity, verbs } = options;
  output.write(`${source.path}: ${megabytes(source.size)}\n`);
  output.write(`${job}, chunks of ${chunk} bytes, channels of ${capacity}, workers: ${workers}\n\n`);
  output.write(`${reasons(verbs)}\n\n`);

  const expected = await readThrough(source, signal);
  const ways = waysOf(options);
  const width = Math.max(...ways.map((way) => nameOf(way).length));
  const runs: Run[] = [];
  const complaints: string[] = [];
  for (const way of ways) {
    signal.throwIfAborted();
    const name = nameOf(way);
    const progress = startProgress(output, name.padEnd(width), source.size);
    try {
      const order = { way, options };
      const { cost, proof } = await inOwnProcess(order, signal, (bytes) => progress.show(bytes));
      runs.push({ way, name, cost });
      complaints.push(...differences(expected, proof).map((difference) => `${name}: ${difference}`));
    } finally {
      progress.end();
    }
  }

  output.write(`\n${table(expected.bytes, runs)}\n${legend}\n\n${comparison(runs)}\n`);
  if (complaints.length === 0) {
    output.write(`${verdict(expected)}\n`);
    return 0;
  }
  console.error(`What came back is not what was sent.\n${complaints.join('\n')}`);
  return 1;
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
