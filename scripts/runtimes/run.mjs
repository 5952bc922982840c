// Installs the packed package as users do, with every runtime and tool they use, and says what works there.
import { cpSync } from 'node:fs';
import { misuse, must, readCommand, since } from '../steps.mjs';
import { all } from './answers.mjs';
import { bundlers } from './bundlers.mjs';
import { cures } from './cures.mjs';
import { engines } from './engines.mjs';
import { executables } from './executable.mjs';
import { installers } from './installers.mjs';
import { places } from './places.mjs';
import { makeProject, mustInProject } from './project.mjs';
import { recall, remember } from './results.mjs';
import { sources } from './source.mjs';
import { suiteRows } from './suites.mjs';
import { supply } from './supply.mjs';
import { page, tableOf, writeTable } from './table.mjs';

/**
 * A row has a `name`; `needs: 'network'` where a tool is fetched; `on`, the systems that it can be tried on; a
 * `note` for whoever uses it; `known`, the parts that fail there as the note says; and `run`, which answers with
 * the version that was tried and what came of each part.
 */
const rows = [
  ...engines,
  ...executables,
  ...bundlers,
  ...suiteRows,
  ...installers,
  ...cures,
  ...places,
  ...sources,
];

const options = readCommand(
  `
Usage: npm run test:runtimes [-- --only WORD,... | --offline] [--as-packed] [--write]

Packs the package, installs it from a registry on this machine into fresh folders, and asks each runtime, bundler,
test runner and installer: does it load by require and by import, do messages go through a worker and back, does
terminate end a worker that is blocked? Prints one table. The tools are fetched from npm, once.
  --only        only rows whose name contains one of these words
  --offline     only rows that fetch nothing
  --as-packed   what npm run pack has left in packed/ is tried, and nothing is built
  --write       put the table into ${page}: of all rows, what was seen before of the same package included

Rows: ${rows.map(({ name }) => name).join(', ')}

Exit codes: 0 each row is as its note says, 1 one is not, 2 wrong usage.`,
  {
    only: { type: 'string' },
    offline: { type: 'boolean' },
    'as-packed': { type: 'boolean' },
    write: { type: 'boolean' },
  },
);
const chosen = choose(options);
if (!options['as-packed']) await must(process.execPath, ['scripts/pack.mjs'], { quiet: true });
const start = performance.now();
const { address: registry, close } = await supply();
const whole = makeProject('whole');
await mustInProject(whole, ['npm', 'install', 'millrace'], { registry });

let unexpected = 0;
for (const row of chosen) {
  const began = performance.now();
  process.stdout.write(`${row.name} ... `);
  const { version, answers, note } = await resultOf(row);
  remember(row.name, { version, answers, note: note ?? row.note });
  const odd = Object.entries(answers).filter(([part, answer]) => isOdd(row, part, answer));
  unexpected += odd.length;
  console.log(`${odd.length === 0 ? 'as expected' : 'NOT as expected'}  ${since(began)}`);
  for (const [part, answer] of odd) console.log(`  ${part}: ${answer}`);
}
close();

const seen = recall();
console.log(`\n${tableOf(chosen.map(({ name }) => seen[name]))}`);
if (options.write) writeAll();
console.log(`${chosen.length} rows in ${since(start)}, ${unexpected} answers not as expected.`);
process.exit(unexpected === 0 ? 0 : 1);

async function resultOf(row) {
  try {
    return await row.run({ registry, installed });
  } catch (error) {
    return { version: '', answers: all(`no: ${error.message}`) };
  }
}

/** A project of that name, with millrace installed by npm. */
function installed(name) {
  const folder = makeProject(name);
  // A link is to lie in the copy, not to lead out of it.
  cpSync(whole, folder, { recursive: true, verbatimSymlinks: true });
  return folder;
}

function isOdd({ known = [] }, part, answer) {
  return answer.startsWith('no:') !== known.includes(part);
}

/** What was not tried says so, as where the system is another. */
function writeAll() {
  const untried = ({ name, note }) => ({ name, version: '', answers: all('not run'), note, date: '' });
  writeTable(rows.map((row) => seen[row.name] ?? untried(row)));
}

/** The rows that can be tried on this system, and that the command line asks for. */
function choose({ only, offline }) {
  const words = only?.toLowerCase().split(',') ?? [''];
  const chosen = rows
    .filter(({ on }) => on === undefined || on.includes(process.platform))
    .filter(({ needs }) => !offline || needs === undefined)
    .filter(({ name }) => words.some((word) => name.toLowerCase().includes(word)));
  if (chosen.length === 0) misuse('No row has such a name');
  return chosen;
}
