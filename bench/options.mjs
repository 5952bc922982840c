// The benchmarks' command line.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { scenarios } from './scenarios.mjs';

const thorough = { seconds: 0.4, repetitions: 5, idle: 30 };
const quick = { seconds: 0.1, repetitions: 3, idle: 3 };
const resultsFile = fileURLToPath(new URL('RESULTS.md', import.meta.url));
const names = [...scenarios.map(({ name }) => name), 'idle'];

const help = `Usage: npm run bench -- [OPTIONS]

Measures messages between two workers, the main thread idle, over millrace and over postMessage in one run.

  --quick           ${quick.repetitions} repetitions of ${quick.seconds} s, ${quick.idle} s idle: a first look
  --only TEXT       only scenarios whose name contains TEXT
  --seconds N       how long one repetition takes, about (default ${thorough.seconds})
  --repetitions N   repetitions, interleaved (default ${thorough.repetitions})
  --idle N          seconds of watching an idle worker (default ${thorough.idle})
  --out FILE        where the results go (default bench/RESULTS.md of a whole run, else nowhere)
  -h, --help        this text

Scenarios: ${names.join(', ')}

Exit codes: 0 measured, 1 failed (a payload came wrong, or an error), 2 used wrongly. A missed target is told, and no failure.`;

/** Reads the arguments; answers for --help and misuse by itself. */
export function readOptions(args) {
  const given = parse(args);
  if (given.help) {
    console.log(help);
    process.exit(0);
  }
  const basis = given.quick ? quick : thorough;
  const only = given.only ?? '';
  if (!names.some((name) => name.includes(only)))
    misuse(`Expected --only to be part of a scenario's name. Received '${only}'`);
  const whole = !given.quick && given.only === undefined;
  return {
    only,
    seconds: readNumber('seconds', given.seconds, basis.seconds),
    repetitions: Math.ceil(readNumber('repetitions', given.repetitions, basis.repetitions)),
    idle: readNumber('idle', given.idle, basis.idle),
    out: given.out ?? (whole ? resultsFile : undefined),
  };
}

function parse(args) {
  const text = { type: 'string' };
  const flag = { type: 'boolean' };
  try {
    return parseArgs({
      args,
      options: {
        quick: flag,
        only: text,
        seconds: text,
        repetitions: text,
        idle: text,
        out: text,
        help: { ...flag, short: 'h' },
      },
    }).values;
  } catch (error) {
    return misuse(error.message);
  }
}

function readNumber(name, text, fallback) {
  if (text === undefined) return fallback;
  const number = Number(text);
  if (text.trim() !== '' && number > 0 && number <= 3600) return number;
  return misuse(`Expected --${name} to be a number above 0, up to 3600. Received '${text}'`);
}

function misuse(message) {
  console.error(`${message}\nTry --help.`);
  process.exit(2);
}
