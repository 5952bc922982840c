// What is published, in which order and from where: rehearsed with an npm that only writes down what it is asked.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const names = ['millrace-zz', 'millrace-aa'];
const onTag = { GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: `v${version}` };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-publish-'));
  for (const name of names) pack(name, {});
  pack('millrace', { optionalDependencies: Object.fromEntries(names.map((name) => [name, version])) });
});
afterEach(() => rmSync(folder, { recursive: true }));

function pack(name: string, more: object): void {
  mkdirSync(join(folder, 'package'), { recursive: true });
  writeFileSync(join(folder, 'package', 'package.json'), JSON.stringify({ name, version, ...more }));
  execFileSync('tar', ['-czf', `${name}-${version}.tgz`, 'package'], { cwd: folder });
}

/** Runs publish.mjs with an npm that knows `published` packages, and cannot publish those of `failing`. */
function publish(
  env: object,
  { published = [], failing = '' }: { published?: string[]; failing?: string } = {},
): { code: number | null; said: string; asked: string[] } {
  const log = join(folder, 'asked');
  writeFileSync(log, '');
  const npm = join(folder, 'npm');
  const known = ['none', ...published].map((name) => `${name}@${version}`).join('|');
  writeFileSync(
    npm,
    `#!/bin/sh
if [ "$1" = view ]; then
  case $2 in ${known}) echo ${version}; exit 0;; *) echo "npm error 404" >&2; exit 1;; esac
fi
echo "$@" >> '${log}'
case $2 in *'/${failing}-${version}.tgz') exit 1;; esac
`,
  );
  chmodSync(npm, 0o755);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/release/publish.mjs', folder], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: `${folder}${delimiter}${process.env['PATH']}`, ...env },
  });
  const asked = readFileSync(log, 'utf8').split('\n').filter(Boolean);
  return { code: status, said: stdout + stderr, asked };
}

const publishing = (name: string): string =>
  `publish ${join(folder, `${name}-${version}.tgz`)} --provenance --access public`;

// The job that publishes runs on Linux; a script is no command on Windows.
const here = test.skipIf(process.platform === 'win32');

here('every package is published with provenance, the main one last', () => {
  const { code, asked } = publish(onTag);
  expect(code).toBe(0);
  expect(asked).toEqual([...names, 'millrace'].map(publishing));
});

here('a release that was cut off goes on with what the registry does not have', () => {
  const { code, said, asked } = publish(onTag, { published: ['millrace-zz'] });
  expect(code).toBe(0);
  expect(said).toContain(`millrace-zz@${version} is published already`);
  expect(asked).toEqual(['millrace-aa', 'millrace'].map(publishing));
});

here('when a package cannot be published, those after it are not, the main one least of all', () => {
  const { code, asked } = publish(onTag, { failing: 'millrace-zz' });
  expect(code).toBe(1);
  expect(asked).toEqual([publishing('millrace-zz')]);
});

here('nothing is published while a package that the main one names is missing', () => {
  rmSync(join(folder, `millrace-aa-${version}.tgz`));
  const { code, said, asked } = publish(onTag);
  expect(code).toBe(1);
  expect(said).toContain(`does not hold millrace-aa-${version}.tgz`);
  expect(asked).toEqual([]);
});

test.each([
  ['a branch', { GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: `v${version}` }],
  ['the tag of another version', { GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v999.0.0' }],
  ['no job at all', {}],
])('nothing is published from %s', (_, env) => {
  const { code, said, asked } = publish(env);
  expect(code).toBe(1);
  expect(said).toContain(`is published from the tag v${version}`);
  expect(asked).toEqual([]);
});
