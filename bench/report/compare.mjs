// Two runs beside each other: how many figures agree, that is, have medians within 15 % or ranges that overlap.
import { readFileSync } from 'node:fs';
import { median } from './statistics.mjs';
import { amount, spread, table } from './tables.mjs';

/** How far apart two medians may be. */
const NEAR = 0.15;
/** The part of all figures that should agree. */
const WANTED = 0.9;

const help = `Usage: node bench/report/compare.mjs ONE.json OTHER.json

Compares two runs that \`npm run bench -- --json FILE\` left: prints the figures that do not agree, medians more than
${NEAR * 100} % apart and ranges that do not overlap, and how many do.

Exit codes: 0 at least ${WANTED * 100} of 100 agree, 1 fewer do, 2 used wrongly.`;

const files = process.argv.slice(2);
if (files.includes('--help') || files.includes('-h')) {
  console.log(help);
  process.exit(0);
}
if (files.length !== 2) {
  console.error(`Expected two files. Received ${files.length}\nTry --help.`);
  process.exit(2);
}
const [one, other] = files.map(read);

const pairs = Object.entries(one).flatMap(([scenario, entries]) =>
  entries.flatMap(({ name, values }) => {
    const found = other[scenario]?.find((entry) => entry.name === name);
    return found === undefined ? [] : [{ scenario, name, first: values, second: found.values }];
  }),
);
const apart = pairs.filter(({ first, second }) => !agree(first, second));
if (apart.length > 0) {
  const rows = apart.map(({ scenario, name, first, second }) => [scenario, name, told(first), told(second)]);
  console.log(`${table([['scenario', 'name', ...files], ...rows])}\n`);
}
console.log(`${pairs.length - apart.length} of ${pairs.length} agree.`);
process.exitCode = pairs.length - apart.length >= WANTED * pairs.length ? 0 : 1;

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).measured;
  } catch (error) {
    console.error(`Expected a file that a run left. Received '${file}': ${error.message}\nTry --help.`);
    return process.exit(2);
  }
}

function agree(first, second) {
  const [one, other] = [median(first), median(second)];
  if (Math.abs(one - other) <= NEAR * Math.max(one, other)) return true;
  return Math.min(...first) <= Math.max(...second) && Math.min(...second) <= Math.max(...first);
}

function told(values) {
  return `${amount(median(values))} (${spread(values)})`;
}
