// Writes THIRD-PARTY-NOTICES.md: the licences of every crate that is linked into the addon.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { must, readCommand, root } from './steps.mjs';

const options = readCommand(
  `
Usage: npm run notices [-- --check]

Writes THIRD-PARTY-NOTICES.md from the crates that the addon links on all platforms of src/targets.ts.
  --check   write nothing; fail when the file is not what would be written

Exit codes: 0 done, 1 out of date, 2 wrong usage.`,
  { check: { type: 'boolean' } },
);

/** Crates that say MIT in their manifest and ship no text: the notices in their repository. */
const napiRs = ['Copyright (c) 2020 LongYinan', 'Copyright (c) 2018 GitHub'];
const holders = new Map([
  ['napi', napiRs],
  ['napi-sys', napiRs],
]);

const file = join(root, 'THIRD-PARTY-NOTICES.md');
await must(process.execPath, ['scripts/compile.mjs'], { quiet: true });
const { targets } = await import('../dist/targets.js');
const crates = new Map();
for (const { triple } of targets) for (const crate of await linked(triple)) crates.set(crate.id, crate);
const text = page([...crates.values()].sort((a, b) => a.name.localeCompare(b.name)));
if (!options.check) {
  writeFileSync(file, text);
} else if (readFileSync(file, 'utf8') !== text) {
  console.error('THIRD-PARTY-NOTICES.md is not what the crates in Cargo.lock ask for: run npm run notices.');
  process.exit(1);
}

/** The crates whose code ends up in the addon: no build scripts, no macros, not our own. */
async function linked(triple) {
  const told = await must(
    'cargo',
    ['metadata', '--locked', '--format-version', '1', '--filter-platform', triple],
    { quiet: true },
  );
  const { packages, resolve, workspace_members: own } = JSON.parse(told);
  const crate = new Map(packages.map((each) => [each.id, each]));
  const node = new Map(resolve.nodes.map((each) => [each.id, each]));
  const isMacro = (id) => crate.get(id).targets.some(({ kind }) => kind.includes('proc-macro'));
  const isLinked = ({ pkg, dep_kinds }) => dep_kinds.some(({ kind }) => kind === null) && !isMacro(pkg);
  const reached = new Set();
  const left = [packages.find(({ name }) => name === 'millrace-binding').id];
  while (left.length > 0) {
    const id = left.pop();
    if (reached.has(id)) continue;
    reached.add(id);
    left.push(
      ...node
        .get(id)
        .deps.filter(isLinked)
        .map(({ pkg }) => pkg),
    );
  }
  return [...reached].filter((id) => !own.includes(id)).map((id) => crate.get(id));
}

/** Where to get the source of a crate whose licence asks for that to be said; it is used unchanged. */
function sourceOf({ license, repository }) {
  return license.startsWith('MPL') ? `, unchanged; its source: ${repository}` : '';
}

/** Crates with the same text stand above it together. */
function page(all) {
  const byText = new Map();
  for (const crate of all) {
    const licence = licenceOf(crate);
    byText.set(licence, [...(byText.get(licence) ?? []), crate]);
  }
  const sections = [...byText].map(([licence, group]) => {
    const names = group.map(
      (crate) => `- ${crate.name} ${crate.version} (${crate.license})${sourceOf(crate)}`,
    );
    return `${names.join('\n')}\n\n\`\`\`text\n${licence}\n\`\`\`\n`;
  });
  return `# Third-party notices

The addon that millrace ships contains code of the crates below and of the Rust standard library
(MIT OR Apache-2.0, https://github.com/rust-lang/rust). Where a crate leaves the choice, it is used under
the licence printed here. Written by \`npm run notices\`.

${sections.join('\n')}`;
}

/** The text a crate is used under: its MIT licence where it has one, with the notices that belong to it. */
function licenceOf({ manifest_path: manifest, license, name }) {
  const folder = dirname(manifest);
  const names = readdirSync(folder);
  const main = ['LICENSE-MIT', 'license-mit', 'LICENSE', 'LICENSE.md', 'LICENSE.txt'].find((each) =>
    names.includes(each),
  );
  if (main === undefined && (license !== 'MIT' || !holders.has(name))) {
    throw new Error(`${name} (${license}) ships no licence text: its repository says whose notice to print`);
  }
  const body = main === undefined ? plainMit(holders.get(name)) : read(join(folder, main));
  const more = ['LICENSE-THIRD-PARTY', 'COPYRIGHT', 'NOTICE'].filter((each) => names.includes(each));
  return [body, ...more.map((each) => read(join(folder, each)))].join('\n\n');
}

/** Our own text, which is the same licence, under other names. */
function plainMit(lines) {
  return read(join(root, 'LICENSE')).replace(/^Copyright .*$/m, lines.join('\n'));
}

function read(path) {
  return readFileSync(path, 'utf8').replaceAll('\r\n', '\n').trim();
}
