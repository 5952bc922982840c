// The benchmarks' command line.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { furtherNames } from './further/further.mjs';
import { scenarios } from './who/scenarios.mjs';

const thorough = { seconds: 0.2, repetitions: 5, samples: 10_000, idle: 15 };
const quick = { seconds: 0.05, repetitions: 3, samples: 300, idle: 3 };
const resultsFile = fileURLToPath(new URL('RESULTS.md', import.meta.url));
const readmeFile = fileURLToPath(new URL('../README.md', import.meta.url));
const names = [...scenarios.map(({ name }) => name), ...furtherNames];

const help = `Usage: npm run bench -- [OPTIONS]

Measures messages between threads over millrace, postMessage, packages of npm, rings written for it, and Rust
threads, and whole jobs beside what people write today, in one run of about twenty minutes; says for every target of the project whether it was met.

  --node VERSION,...  on these versions of Node, one after the other, which come from npm
  --quick           ${quick.repetitions} repetitions of ${quick.seconds} s, ${quick.samples} samples, ${quick.idle} s idle: a first look
  --only TEXT,...   only scenarios whose name contains one of these
  --peers NAME,...  only these peers
  --seconds N       how long one repetition takes, about (default ${thorough.seconds})
  --repetitions N   repetitions, interleaved (default ${thorough.repetitions})
  --samples N       round trips of a ping-pong, all repetitions together (default ${thorough.samples})
  --idle N          seconds of watching an idle worker (default ${thorough.idle})
  --out FILE        where the results go, plots beside them (default bench/RESULTS.md of a whole run, else nowhere)
  --json FILE       every figure, for programs
                    (folders that are not there are made; a run that fails writes what it has, and says so)
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
  const nodes = readNodes(given.node);
  const isWanted = readOnly(given.only);
  const whole = !given.quick && given.only === undefined && given.peers === undefined;
  return {
    nodes,
    rest: args.filter((arg, index) => !arg.startsWith('--node') && args[index - 1] !== '--node'),
    whole,
    scenarios: readPeers(
      given.peers,
      scenarios.filter(({ name }) => isWanted(name)),
    ),
    extras: given.peers === undefined ? furtherNames.filter(isWanted) : [],
    seconds: readNumber('seconds', given.seconds, basis.seconds),
    repetitions: Math.ceil(readNumber('repetitions', given.repetitions, basis.repetitions)),
    samples: Math.ceil(readNumber('samples', given.samples, basis.samples)),
    idle: readNumber('idle', given.idle, basis.idle),
    out: given.out ?? (whole ? resultsFile : undefined),
    // The project's own table: of a whole run whose results go where they belong.
    readme: whole && given.out === undefined ? readmeFile : undefined,
    json: given.json,
  };
}

function parse(args) {
  const text = { type: 'string' };
  const flag = { type: 'boolean' };
  try {
    return parseArgs({
      args,
      options: {
        node: text,
        quick: flag,
        only: text,
        peers: text,
        seconds: text,
        repetitions: text,
        samples: text,
        idle: text,
        out: text,
        json: text,
        help: { ...flag, short: 'h' },
      },
    }).values;
  } catch (error) {
    return misuse(error.message);
  }
}

function readNodes(text) {
  const versions = text?.split(',');
  const odd = versions?.find((version) => !/^\d+(\.\d+){0,2}$/.test(version));
  if (odd !== undefined) misuse(`Expected --node to be versions such as 24 or 22.11.0. Received '${odd}'`);
  return versions;
}

function readOnly(text) {
  if (text === undefined) return () => true;
  const parts = text.split(',');
  const unknown = parts.find((part) => !names.some((name) => name.includes(part)));
  if (unknown !== undefined) misuse(`Expected --only to name parts of scenarios. Received '${unknown}'`);
  return (name) => parts.some((part) => name.includes(part));
}

function readPeers(text, chosen) {
  if (text === undefined) return chosen;
  const wanted = text.split(',');
  const known = new Set(chosen.flatMap(({ peers }) => peers.map(({ name }) => name)));
  const unknown = wanted.find((name) => !known.has(name));
  if (unknown !== undefined)
    misuse(`Expected --peers to be among ${[...known].join(', ')}. Received '${unknown}'`);
  return chosen
    .map((scenario) => ({ ...scenario, peers: scenario.peers.filter(({ name }) => wanted.includes(name)) }))
    .filter(({ peers }) => peers.length > 0);
}

function readNumber(name, text, fallback) {
  if (text === undefined) return fallback;
  const number = Number(text);
  if (text.trim() !== '' && number > 0 && number <= 100_000) return number;
  return misuse(`Expected --${name} to be a number above 0, up to 100000. Received '${text}'`);
}

function misuse(message) {
  console.error(`${message}\nTry --help.`);
  process.exit(2);
}
