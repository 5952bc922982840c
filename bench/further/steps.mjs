// What single calls cost, in one thread, by tinybench: `npm run bench:steps` prints them, a whole run has them as a part.
import { parseArgs } from 'node:util';
import { Bench } from 'tinybench';
import { median } from '../report/statistics.mjs';
import { CALLS, addTo } from '../steps/calls.mjs';
import { codecs } from '../steps/codecs.mjs';
import { hotPath } from '../steps/hot-path.mjs';
import { making } from '../steps/making.mjs';
import { leases, watched } from '../steps/kinds.mjs';
import { inMemory } from '../steps/memory.mjs';
import { seen } from '../steps/seen.mjs';
import { amount, spread, table } from '../report/tables.mjs';

const steps = [...hotPath, ...inMemory, ...watched, ...leases, ...seen, ...codecs, ...making];
/** Milliseconds of each step, a repetition. */
const TIME = 20;

/** Answers with the nanoseconds of each step's call, the median of a repetition's samples, one a repetition. */
export async function measureSteps(repetitions, tell, chosen = steps) {
  const opened = chosen.map((step) => ({ ...step, ...step.open(), values: [] }));
  // The first round is for warming up.
  for (let repetition = 0; repetition <= repetitions; repetition++) {
    for (const step of opened) {
      tell(`${repetition} of ${repetitions}, ${step.name}`);
      const cost = await costOf(step);
      if (repetition > 0) step.values.push(cost);
    }
  }
  for (const { close } of opened) close?.();
  const byName = new Map(opened.map((step) => [step.name, step.values]));
  return opened.map(({ name, title = name, less, values }) => {
    const own = values.map((value, index) => value - (byName.get(less)?.[index] ?? 0));
    return { name, title, values: own };
  });
}

async function costOf(step) {
  const bench = new Bench({ time: TIME, iterations: 8, warmup: false });
  addTo(bench, step, step);
  await bench.run();
  const [{ result }] = bench.tasks;
  if (result.error !== undefined) throw result.error;
  return (result.latency.p50 * 1e6) / ((step.calls ?? CALLS) * (step.share ?? 1));
}

const help = `Usage: npm run bench:steps -- [OPTIONS]

Measures what single calls cost in one thread, in nanoseconds: sending and receiving, refs, the triple buffer, codecs,
making channels. Medians of tinybench's samples of many calls each; least and most of the repetitions beside them.

  --only TEXT,...   only steps whose name contains one of these
  --repetitions N   how often each is measured (default 5)
  -h, --help        this text

Steps: ${steps.map(({ name }) => name).join(', ')}

Exit codes: 0 measured, 1 failed, 2 used wrongly.`;

/** The command; answers with its exit code. */
export async function main(args) {
  let values;
  try {
    const text = { type: 'string' };
    const options = { only: text, repetitions: text, help: { type: 'boolean', short: 'h' } };
    ({ values } = parseArgs({ args, options }));
  } catch (error) {
    return misuse(error.message);
  }
  if (values.help) {
    console.log(help);
    return 0;
  }
  const repetitions = Number(values.repetitions ?? 5);
  if (!Number.isInteger(repetitions) || repetitions < 1)
    return misuse(`Expected --repetitions to be an integer above 0. Received '${values.repetitions}'`);
  const wanted = values.only?.split(',') ?? [''];
  const chosen = steps.filter(({ name }) => wanted.some((part) => name.includes(part)));
  if (chosen.length === 0) return misuse(`Expected --only to name parts of steps. Received '${values.only}'`);
  const entries = await measureSteps(repetitions, () => undefined, withNeeded(chosen));
  const rows = entries.map(({ title, values }) => [title, amount(median(values)), spread(values)]);
  console.log(table([['', 'ns', 'min - max'], ...rows]));
  return 0;
}

/** These steps, and those that are taken off their cost. */
function withNeeded(chosen) {
  const needed = new Set(chosen.flatMap(({ name, less }) => [name, less]));
  return steps.filter(({ name }) => needed.has(name));
}

function misuse(message) {
  console.error(`${message}\nTry --help.`);
  return 2;
}
