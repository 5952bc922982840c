/** The command line: what may be asked for, and what is said to somebody who asks for something else. */
import { availableParallelism } from 'node:os';
import type { ParseArgsConfig } from 'node:util';

import { type BenchOptions, benchHelp, readBenchArguments } from './bench/arguments';
import { type DoctorOptions, doctorHelp, readDoctorArguments } from './doctor/arguments';
import { type Job, jobs } from './demo/job';
import type { DemoOptions } from './demo/options';
import { type Verbs, usual, verbSets } from './demo/verbs';
import { type TopOptions, readTopArguments, topHelp } from './top/arguments';
import { UsageError, parse } from './usage';

export type Command =
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'version' }
  | { readonly kind: 'demo'; readonly options: DemoOptions }
  | { readonly kind: 'doctor'; readonly options: DoctorOptions }
  | { readonly kind: 'bench'; readonly options: BenchOptions }
  | { readonly kind: 'top'; readonly options: TopOptions };

const KIB = 1024;
const MIB = 1024 * KIB;
const defaults = {
  workers: Math.max(1, availableParallelism() - 1),
  chunk: MIB,
  capacity: 8,
  rounds: 10,
  job: 'hash',
};
const most = { workers: 256, chunk: 64 * MIB, capacity: 2 ** 23, rounds: 1000 };

const help = `Usage: millrace demo [PATH] [OPTIONS]
       millrace bench [OPTIONS]
       millrace doctor [--json]
       millrace top URL

Hands a real file in chunks through a bounded channel to worker threads, takes the results back through a
second channel, proves that every byte came back once and in order, and does the same with postMessage: at its
best, with buffers sent back to be filled again, and as it is mostly written, with a new buffer each.

  PATH             the file; without it, the Node executable
  --job JOB        what a worker does with a chunk: ${jobs.join(' or ')} (default ${defaults.job})
  --workers N      worker threads, 1 to ${most.workers} (default here ${defaults.workers}: one less than there are cores)
  --verbs VERBS    by which verbs of millrace, one or several of ${verbSets.join(', ')} (default ${usual})
  --chunk BYTES    bytes a chunk, 1 to ${most.chunk} (default ${defaults.chunk})
  --capacity N     chunks each channel holds, 1 to ${most.capacity} (default ${defaults.capacity})
  --rounds N       how often each way hands the file over, in turn, 1 to ${most.rounds} (default ${defaults.rounds}); a first time,
                   by which programs and memory are warm, does not count

  -h, --help       this text
  -v, --version    the version of the package

bench measures this machine: millrace bench --help. doctor says whether this installation is well:
millrace doctor --help. top shows a process's channels in the terminal: millrace top --help.

Ctrl-C closes the channels and lets the workers end; a second one ends the process at once.

Exit codes: 0 done and proved, 1 failed (what came back is not what was sent, or an error), 2 used wrongly,
130 interrupted.`;

const options = {
  job: { type: 'string' },
  verbs: { type: 'string' },
  workers: { type: 'string' },
  chunk: { type: 'string' },
  capacity: { type: 'string' },
  rounds: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const satisfies ParseArgsConfig['options'];

export function readArguments(args: string[]): Command {
  if (args[0] === 'bench') return readBench(args.slice(1));
  if (args[0] === 'doctor') return readDoctor(args.slice(1));
  if (args[0] === 'top') return readTop(args.slice(1));
  const { values, positionals } = parse(args, options);
  if (values.help) return { kind: 'help', text: help };
  if (values.version) return { kind: 'version' };
  const [command, path, ...more] = positionals;
  if (command === undefined) throw new UsageError('Expected a command: demo, bench or doctor. Received none');
  if (command !== 'demo')
    throw new UsageError(`Expected a command: demo, bench or doctor. Received '${command}'`);
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
      rounds: readCount('rounds', values.rounds),
      verbs: readVerbs(values.verbs ?? usual),
    },
  };
}

function readDoctor(args: string[]): Command {
  const options = readDoctorArguments(args);
  return options === 'help' ? { kind: 'help', text: doctorHelp } : { kind: 'doctor', options };
}

function readBench(args: string[]): Command {
  const options = readBenchArguments(args);
  return options === 'help' ? { kind: 'help', text: benchHelp } : { kind: 'bench', options };
}

function readTop(args: string[]): Command {
  const options = readTopArguments(args);
  return options === 'help' ? { kind: 'help', text: topHelp } : { kind: 'top', options };
}

function readJob(text: string): Job {
  const job = jobs.find((known) => known === text);
  if (job === undefined)
    throw new UsageError(`Expected --job to be ${jobs.join(' or ')}. Received '${text}'`);
  return job;
}

function readVerbs(text: string): Verbs[] {
  return text.split(',').map((part) => {
    const verbs = verbSets.find((known) => known === part);
    if (verbs !== undefined) return verbs;
    throw new UsageError(`Expected --verbs to be among ${verbSets.join(', ')}. Received '${part}'`);
  });
}

function readCount(name: keyof typeof most, text: string | undefined): number {
  if (text === undefined) return defaults[name];
  const count = /^\d+$/.test(text) ? Number(text) : NaN;
  if (count >= 1 && count <= most[name]) return count;
  throw new UsageError(`Expected --${name} to be an integer from 1 to ${most[name]}. Received '${text}'`);
}
