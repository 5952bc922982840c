// Everything that must hold before a change is kept, step by step, each with its name, time and result.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { misuse, readCommand, root, run, since, tool } from './steps.mjs';
import { javascriptTests, jestSmoke, rustTests, tell } from './suites.mjs';

const node = process.execPath;
const command = (name, args, options) => (quiet) => run(name, args, { quiet, ...options });
const script = (name, ...args) => command(node, [`scripts/${name}.mjs`, ...args]);
const suite = (tests) => async (quiet) => {
  const result = await tests({ quiet });
  return { code: result.ok ? 0 : 1, output: result.output, note: tell(result) };
};
/** Loom's models are another build of the core, kept apart so that neither undoes the other. */
const loom = {
  env: { RUSTFLAGS: '--cfg loom', CARGO_TARGET_DIR: join(root, 'target', 'loom'), LOOM_MAX_PREEMPTIONS: '2' },
};

const steps = {
  format: command(tool('prettier'), ['--check', '.']),
  'format:rust': command('cargo', ['fmt', '--all', '--check']),
  lint: command(tool('oxlint'), ['--deny-warnings']),
  'lint:rust': command('cargo', [
    'clippy',
    '--workspace',
    '--all-targets',
    '--locked',
    '--',
    '-D',
    'warnings',
  ]),
  'lint:loom': command(
    'cargo',
    ['clippy', '-p', 'millrace-core', '--tests', '--locked', '--', '-D', 'warnings'],
    loom,
  ),
  lockfile: script('check-lockfile'),
  notices: script('notices', '--check'),
  numbers: script('numbers', '--check'),
  build: script('build'),
  types: command(tool('tsc'), ['-p', 'test/tsconfig.json']),
  'types:newest': command(tool('tsc'), ['-p', 'test/types/tsconfig.json']),
  'types:5.7': command(node, ['node_modules/typescript-5.7/bin/tsc', '-p', 'test/types/tsconfig.json']),
  'hot-path': script('hot-path', '--check'),
  docs: script('site'),
  'test:rust': suite(rustTests),
  'test:loom': command(
    'cargo',
    ['test', '-p', 'millrace-core', '--release', '--locked', '--test', 'loom'],
    loom,
  ),
  'docs:rust': command('cargo', ['doc', '--workspace', '--no-deps', '--locked'], {
    env: { RUSTDOCFLAGS: '-D warnings' },
  }),
  'test:js': suite(javascriptTests),
  // The other memory mode, what a runtime does that forbids external memory: the files that look at messages' memory (test/schedule.mts).
  'test:copy': suite((options) =>
    javascriptTests({ ...options, env: { MILLRACE_COPY: '1', MILLRACE_TEST_COPY: '1' } }),
  ),
  'test:jest': suite(jestSmoke),
  hunt: command(node, ['test/hunt/run.mjs', '--seconds', '60']),
  pack: script('pack'),
  publint: (quiet) => run(tool('publint'), ['--strict', mainTarball()], { quiet }),
  attw: (quiet) => run(tool('attw'), [mainTarball()], { quiet }),
  'smoke:packed': script('smoke-packed'),
  // Of the matrix of runtimes, what fetches nothing.
  'test:runtimes': script('runtimes/run', '--as-packed', '--offline'),
  'release:dry': script('release/dry', '--allow-missing'),
};

const options = readCommand(
  `
Usage: npm run check [-- --only STEP,... | --except STEP,...] [--verbose]

Runs every check; a failing step does not stop those after it.
  --only      only these steps
  --except    all but these
  --verbose   show what passing steps print too

Steps: ${Object.keys(steps).join(', ')}

Exit codes: 0 all passed, 1 something failed, 2 wrong usage.`,
  { only: { type: 'string' }, except: { type: 'string' }, verbose: { type: 'boolean' } },
);
const { verbose } = options;
const chosen = choose(options);
const start = performance.now();
const width = Math.max(...Object.keys(steps).map((name) => name.length));
const failed = [];
for (const name of chosen) {
  const began = performance.now();
  process.stdout.write(verbose ? `${name}\n` : `${name.padEnd(width)}  `);
  const { code, output, note } = await steps[name](!verbose);
  const result = `${code === 0 ? 'ok' : 'FAILED'}  ${since(began)}${note === undefined ? '' : `  ${note}`}`;
  console.log(verbose ? `${name.padEnd(width)}  ${result}\n` : result);
  if (code === 0) continue;
  failed.push(name);
  if (!verbose) console.log(`${output.trimEnd()}\n`);
}
console.log(
  failed.length === 0
    ? `\nAll ${chosen.length} steps passed in ${since(start)}.`
    : `\n${failed.length} of ${chosen.length} steps failed in ${since(start)}: ${failed.join(', ')}`,
);
process.exit(failed.length === 0 ? 0 : 1);

/** The steps that `--only` names, or that `--except` does not. */
function choose({ only, except }) {
  if (only !== undefined && except !== undefined) misuse('Expected --only or --except, received both');
  const named = (only ?? except ?? '').split(',').filter((name) => name !== '');
  const unknown = named.find((name) => !Object.hasOwn(steps, name));
  if (unknown !== undefined) misuse(`Unknown step ${unknown}`);
  return Object.keys(steps).filter((name) => named.includes(name) === (only !== undefined));
}

function mainTarball() {
  const folder = join(root, 'packed');
  const found = existsSync(folder) && readdirSync(folder).find((name) => /^millrace-\d.*\.tgz$/.test(name));
  return found ? join(folder, found) : join(folder, 'millrace.tgz');
}
