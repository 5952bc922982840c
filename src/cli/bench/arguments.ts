/** `millrace bench`: what may be asked for. */
import type { ParseArgsConfig } from 'node:util';

import { UsageError, parse } from '../usage';

export interface BenchOptions {
  /** How long one repetition takes, about. */
  readonly seconds: number;
  /** Repetitions of each way. */
  readonly repetitions: number;
  /** Figures for programs instead of tables. */
  readonly json: boolean;
}

const most = { seconds: 60, repetitions: 100 };
const defaults = { seconds: 0.3, repetitions: 5 };

export const benchHelp = `Usage: millrace bench [OPTIONS]

Carries messages of 64 bytes, 64 KiB and 6.2 MB from one worker thread to another, through millrace and through
postMessage in turn, and prints how many a second. Every message is checked where it arrives. Takes about half
a minute, both cores, and no more than 16 MiB of messages (4 at least) under way at once.

  --seconds S        how long one repetition takes, about, 0.01 to ${most.seconds} (default ${defaults.seconds})
  --repetitions N    repetitions, 1 to ${most.repetitions} (default ${defaults.repetitions}); the table shows their median, least and most
  --json             one JSON object instead of tables: { node, results: [{ size, way, rates }] }, rates in messages
                     a second, one a repetition

  -h, --help         this text

Exit codes: 0 measured, 1 failed (a message came wrong, or an error), 2 used wrongly, 130 interrupted.`;

const options = {
  seconds: { type: 'string' },
  repetitions: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsConfig['options'];

/** What stands behind `bench`; `'help'` when that is asked for. */
export function readBenchArguments(args: string[]): BenchOptions | 'help' {
  const { values, positionals } = parse(args, options);
  if (values.help) return 'help';
  if (positionals.length > 0) {
    throw new UsageError(`Expected only options after bench. Received '${positionals[0]}'`);
  }
  return {
    seconds: readSeconds(values.seconds ?? `${defaults.seconds}`),
    repetitions: readRepetitions(values.repetitions ?? `${defaults.repetitions}`),
    json: values.json ?? false,
  };
}

function readSeconds(text: string): number {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (seconds >= 0.01 && seconds <= most.seconds) return seconds;
  throw new UsageError(`Expected --seconds to be a number from 0.01 to ${most.seconds}. Received '${text}'`);
}

function readRepetitions(text: string): number {
  const repetitions = /^\d+$/.test(text) ? Number(text) : NaN;
  if (repetitions >= 1 && repetitions <= most.repetitions) return repetitions;
  throw new UsageError(
    `Expected --repetitions to be an integer from 1 to ${most.repetitions}. Received '${text}'`,
  );
}
