// Builds the native part of this machine into npm/; quick when nothing has changed, because cargo knows.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { must, readCommand, root, run, tool } from './steps.mjs';

const options = readCommand(
  `
Usage: npm run build:native [-- --quiet]

Builds crates/binding, puts the addon into npm/, and says how to use it from elsewhere.
  --quiet   print nothing but errors

Exit codes: 0 built, 1 not built, 2 wrong usage.`,
  { quiet: { type: 'boolean' } },
);

const quiet = options.quiet;

await demandRust();
const built = join(root, 'npm');
if (quiet && !existsSync(built)) {
  console.error('Building the native part (about a minute, the first time only) ...');
}
await must(
  tool('napi'),
  // prettier-ignore
  [
    'build',
    '--platform',
    '--no-js',
    '--release',
    '--manifest-path', 'crates/binding/Cargo.toml',
    '--package-json-path', 'package.json',
    '--output-dir', 'npm',
    '--', '--locked',
  ],
  { quiet, env: { RUSTFLAGS: withoutPaths() } },
);
const addon = readdirSync(built).find((name) => name.endsWith('.node'));
if (!quiet) console.log(`\nTo use it elsewhere: MILLRACE_BINARY=${join(built, addon)}`);

/** Ends the script with the cure when Rust is missing or too old. */
async function demandRust() {
  const manifest = readFileSync(join(root, 'Cargo.toml'), 'utf8');
  const wanted = /^rust-version = "([\d.]+)"/m.exec(manifest)[1];
  const cargo = await run('cargo', ['--version'], { quiet: true });
  const rustc = await run('rustc', ['--version'], { quiet: true });
  const found = /^rustc (\d+\.\d+\.\d+)/m.exec(rustc.output)?.[1];
  if (cargo.code === 0 && found !== undefined && !isOlder(found, wanted)) return;
  const state =
    found === undefined || cargo.code !== 0 ? 'cargo was not found on the PATH' : `this is Rust ${found}`;
  console.error(`millrace builds its native part from source: that needs Rust ${wanted} or newer, and ${state}.

  to install it:  curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y
  to update it:   rustup update stable
  on Windows:     https://rustup.rs

Then open a new terminal and run the same command again.`);
  process.exit(1);
}

function isOlder(found, wanted) {
  const [major, minor] = found.split('.').map(Number);
  const [wantedMajor, wantedMinor] = wanted.split('.').map(Number);
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}

/** Flags that keep this machine's folders out of the addon's panic messages. */
function withoutPaths() {
  const registry = join(process.env.CARGO_HOME ?? join(homedir(), '.cargo'), 'registry', 'src');
  const remap = [`--remap-path-prefix=${registry}=`, `--remap-path-prefix=${root.replace(/[\\/]$/, '')}=.`];
  return [process.env.RUSTFLAGS, ...remap].filter(Boolean).join(' ');
}
