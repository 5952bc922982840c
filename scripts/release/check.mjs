// Runs every binary through the suite where it can be run here, looks into the file of every one, and tells it in a table.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCommand, since } from '../steps.mjs';
import { inspectFile } from './formats/inspect.mjs';
import { glibcByObjdump } from './formats/objdump.mjs';
import { binaries } from './places.mjs';
import { recall, remember } from './results.mjs';
import { isCurrent } from './fetching/sources.mjs';
import { lawPrograms, placeSuite, smokePrograms, stageSuite } from './suite.mjs';
import { page, tableOf, writeTable } from './table.mjs';
import { binaryOf, chooseTargets, targetNames, targets } from './targets.mjs';
import { emulated, ways } from './ways.mjs';

const { only, quick } = readCommand(
  `
Usage: npm run release:check [-- --only TARGET,...] [--quick]

Looks into each binary that npm run release:build has left, and runs the packed smoke and the laws with it
where that can be done on this machine: on itself, in roots with an older glibc or with musl, under
qemu-user, under Wine. Prints a table; what did not run is not called tested. When every target has been
checked, in one run or in several, ${page} gets the table. Needs Linux on x64, apt, and the right to mount.
  --only   only these targets
  --quick  everywhere the part of the laws' messages that emulators get; does not count for ${page}

Targets: ${targetNames}

Exit codes: 0 all as promised, 1 something is not or was not built, 2 wrong usage.`,
  { only: { type: 'string' }, quick: { type: 'boolean' } },
);
const chosen = chooseTargets(only);

const start = performance.now();
await stageSuite();
const rows = [];
for (const target of chosen) {
  const found = await rowsOf(target);
  if (!quick) remember(target, found);
  rows.push(...found);
}
console.log(`\n${tableOf(rows)}`);
if (!quick) updatePage();
const wrong = rows.filter(({ ok }) => !ok);
console.log(
  `${wrong.length === 0 ? 'All as promised' : `${wrong.length} rows are not as promised`}, in ${since(start)}.`,
);
process.exit(wrong.length === 0 ? 0 : 1);

/** The page has a table only of what was checked as it is now. */
function updatePage() {
  const known = targets.map(recall);
  const unknown = targets.filter((_, index) => known[index] === undefined).map(({ name }) => name);
  if (unknown.length === 0) writeTable(known.flat());
  else console.log(`Not in ${page}: ${unknown.join(', ')} were not checked as they are now.`);
}

/** One row for each way in which the target's binary was run, or one that says it was not. */
async function rowsOf(target) {
  const date = new Date().toISOString().slice(0, 10);
  const binary = join(binaries, binaryOf(target));
  if (!existsSync(binary)) {
    console.log(`${target.name}: not built`);
    return [{ target, date, ok: false, built: false }];
  }
  const bytes = readFileSync(binary);
  const { floor, findings, notes } = inspectFile(bytes, target);
  const objdump = await glibcByObjdump(binary);
  if (objdump !== undefined && floor !== `glibc ${objdump}`) {
    findings.push(`it asks for ${floor} by its own tables, for glibc ${objdump} by objdump -T`);
  }
  if (!isCurrent(target)) findings.push('it was built from other Rust sources than are here');
  for (const finding of findings) console.log(`${target.name}: ${finding}`);
  const row = { target, date, built: true, size: bytes.length, floor, objdump, notes, findings };
  const rows = [];
  for (const { where, part = quick ? emulated.part : undefined, prepare } of ways[target.name] ?? []) {
    const began = performance.now();
    console.log(`${target.name}, ${where}`);
    const ran = await runSuite(target, part, await prepare());
    console.log(`  ${ran.node}: smoke ${ran.smoke}, laws ${ran.laws}  ${since(began)}`);
    rows.push({ ...row, ok: ran.ok && findings.length === 0, where, part, ...ran });
  }
  return rows.length > 0 ? rows : [{ ...row, ok: findings.length === 0 }];
}

/** Runs every program of the suite; shows the end of what a failing one printed. */
async function runSuite(target, part, { suite, node }) {
  placeSuite(target, suite);
  const inPart = (args) => node(args, part === undefined ? {} : { MILLRACE_LAWS_PART: String(part) });
  const version = await inPart(['-p', 'process.version']);
  const smoke = await runAll(smokePrograms, inPart);
  const laws = await runAll(lawPrograms, inPart);
  const counts = laws.outputs.map((output) => /^(\d+) passed, (\d+) failed/m.exec(output) ?? [0, 0, 0]);
  const sum = (place) => counts.reduce((all, count) => all + Number(count[place]), 0);
  return {
    ok: smoke.ok && laws.ok,
    node: `Node ${/v(\d+\.\d+\.\d+)/.exec(version.output)?.[1] ?? 'did not start'}`,
    smoke: smoke.ok ? 'passed' : 'FAILED',
    laws: laws.ok ? `${sum(1)} passed` : `FAILED (${sum(1)} passed, ${sum(2)} failed)`,
  };
}

async function runAll(programs, node) {
  const outputs = [];
  let ok = true;
  for (const args of programs) {
    const began = performance.now();
    const { code, output } = await node(args);
    console.log(`  ${args.at(-1)}  ${code === 0 ? 'ok' : 'FAILED'}  ${since(began)}`);
    outputs.push(output);
    if (code === 0) continue;
    ok = false;
    console.log(`  ${args.join(' ')} ended with code ${code}:\n${output.split('\n').slice(-25).join('\n')}`);
  }
  return { ok, outputs };
}
