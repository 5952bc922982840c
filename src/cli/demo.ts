/** The demo from end to end: read a file without channels, hand it over both ways, compare, report. */
import type { DemoOptions } from './arguments';
import { throughChannels } from './demo-channels';
import { throughMessages } from './demo-postmessage';
import { digestOf } from './job';
import type { Way } from './run';
import { type Cost, Meter } from './meter';
import { startProgress } from './progress';
import { type Proof, Prover, differences } from './proof';
import { type Run, legend, megabytes, table, verdict } from './report';
import { Source } from './source';

/** Each way by its name, in the order in which they run: the later one finds memory that is warm. */
const ways: readonly (readonly [name: string, way: Way])[] = [
  ['millrace', throughChannels],
  ['postMessage', throughMessages],
];
const nameWidth = Math.max(...ways.map(([name]) => name.length));

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
  const { job, workers, chunk, capacity } = options;
  output.write(`${source.path}: ${megabytes(source.size)}\n`);
  output.write(`${job}, chunks of ${chunk} bytes, channels of ${capacity}, workers: ${workers}\n\n`);

  const expected = await readThrough(source, signal);
  const runs: Run[] = [];
  const complaints: string[] = [];
  for (const [name, way] of ways) {
    const { cost, proof } = await travel(name, way, { source, options, output, signal });
    runs.push({ name, cost });
    complaints.push(...differences(expected, proof).map((difference) => `${name}: ${difference}`));
  }

  output.write(`\n${table(expected.bytes, runs)}\n${legend}\n\n`);
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

interface Setting {
  readonly source: Source;
  readonly options: DemoOptions;
  readonly output: NodeJS.WriteStream;
  readonly signal: AbortSignal;
}

/** One way, measured. */
async function travel(name: string, way: Way, setting: Setting): Promise<{ cost: Cost; proof: Proof }> {
  const { source, options, output, signal } = setting;
  signal.throwIfAborted();
  const progress = startProgress(output, name.padEnd(nameWidth), source.size);
  const meter = new Meter();
  try {
    const proof = await way({ source, options, meter, signal, progress: (bytes) => progress.show(bytes) });
    return { cost: meter.stop(), proof };
  } finally {
    meter.stop();
    progress.end();
  }
}
