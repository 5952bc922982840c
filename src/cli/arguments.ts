/** The command line: what may be asked for, and what is said to somebody who asks for something else. */
import { availableParallelism } from 'node:os';
import { type ParseArgsConfig, parseArgs } from 'node:util';

import { type Job, jobs } from './job';

/** The command was used wrongly: exit code 2. */
export class UsageError extends Error {}

export interface DemoOptions {
  /** The file to hand through. */
  readonly path: string;
  readonly job: Job;
  /** Worker threads. */
  readonly workers: number;
  /** Bytes a chunk. */
  readonly chunk: number;
  /** Chunks each channel holds. */
  readonly capacity: number;
}

export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'demo'; readonly options: DemoOptions };

const KIB = 1024;
const MIB = 1024 * KIB;
const defaults = {
  workers: Math.max(1, availableParallelism() - 1),
  chunk: 256 * KIB,
  capacity: 16,
  job: 'hash',
};
const most = { workers: 256, chunk: 64 * MIB, capacity: 2 ** 23 };

export const help = `Usage: millrace demo [PATH] [OPTIONS]

Hands a real file in chunks through a bounded channel to worker threads, takes the results back through a
second channel, proves that every byte came back once and in order, and does the same with postMessage.

  PATH             the file; without it, the Node executable
  --job JOB        what a worker does with a chunk: ${jobs.join(' or ')} (default ${defaults.job})
  --workers N      worker threads, 1 to ${most.workers} (default here ${defaults.workers}: one less than there are cores)
  --chunk BYTES    bytes a chunk, 1 to ${most.chunk} (default ${defaults.chunk})
  --capacity N     chunks each channel holds, 1 to ${most.capacity} (default ${defaults.capacity})

  -h, --help       this text
  -v, --version    the version of the package

Ctrl-C closes the channels and lets the workers end; a second one ends the process at once.

Exit codes: 0 done and proved, 1 failed (what came back is not what was sent, or an error), 2 used wrongly,
130 interrupted.`;

const options = {
  job: { type: 'string' },
  workers: { type: 'string' },
  chunk: { type: 'string' },
  capacity: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const satisfies ParseArgsConfig['options'];

export function readArguments(args: string[]): Command {
  const { values, positionals } = parse(args);
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  const [command, path, ...more] = positionals;
  if (command === undefined) throw new UsageError('Expected a command: demo. Received none');
  if (command !== 'demo') throw new UsageError(`Expected a command: demo. Received '${command}'`);
  if (path === '') throw new UsageError("Expected PATH to name a file. Received ''");
  if (more.length > 0) throw new UsageError(`Expected one PATH. Received '${more[0]}' beside '${path}'`);
  return {
    kind: 'demo',
    options: {
      path: path ?? process.execPath,
      job: readJob(values.job ?? defaults.job),
      workers: readCount('workers', values.workers),
      chunk: readCount('chunk', values.chunk),
      capacity: readCount('capacity', values.capacity),
    },
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    if (!isParseError(error)) throw error;
    // Node's own text says what was received, and goes on with advice about positional arguments.
    const received = error.message.split('. ')[0];
    const expected = Object.keys(options).map((name) => `--${name}`);
    throw new UsageError(`${received}. Expected options: ${expected.join(', ')}`, { cause: error });
  }
}

function isParseError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_');
}

function readJob(text: string): Job {
  const job = jobs.find((known) => known === text);
  if (job === undefined)
    throw new UsageError(`Expected --job to be ${jobs.join(' or ')}. Received '${text}'`);
  return job;
}

function readCount(name: keyof typeof most, text: string | undefined): number {
  if (text === undefined) return defaults[name];
  const count = /^\d+$/.test(text) ? Number(text) : NaN;
  if (count >= 1 && count <= most[name]) return count;
  throw new UsageError(`Expected --${name} to be an integer from 1 to ${most[name]}. Received '${text}'`);
}
