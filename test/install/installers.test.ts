// The cure is a command of whoever installed the package: told by the lock file, or by there being no project.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { packageOf } from '../../dist/targets.js';
import { here, root, version } from './packages';

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'millrace-installers-'));
  for (const name of ['dist', 'package.json']) {
    cpSync(join(root, name), join(project, 'node_modules', 'millrace', name), { recursive: true });
  }
});
afterEach(() => rmSync(project, { recursive: true }));

/** What the error advises, there being no binary. */
function cure(): string {
  const load = "try { require('millrace') } catch (error) { console.log(error.cure) }";
  return execFileSync(process.execPath, ['-e', load], { cwd: project, encoding: 'utf8' }).trim();
}

const name = packageOf(here);
const fresh = (install: string) =>
  process.platform === 'win32'
    ? `rmdir /s /q node_modules && ${install}`
    : `rm -rf node_modules && ${install}`;

test.each([
  ['npm', 'package-lock.json', `"node_modules/${name}": {`, 'npm install --include=optional'],
  ['pnpm', 'pnpm-lock.yaml', `${name}@${version}:`, fresh('pnpm install')],
  ['yarn 1', 'yarn.lock', `# yarn lockfile v1\n${name}@${version}:`, 'yarn install --force'],
  ['yarn', 'yarn.lock', `"${name}@npm:${version}":`, 'yarn install'],
  ['bun', 'bun.lock', `"${name}@${version}"`, 'bun install'],
])('%s', (_installer, lock, content, expected) => {
  writeFileSync(join(project, 'package.json'), '{}');
  writeFileSync(join(project, lock), content);
  expect(cure()).toBe(expected);
});

test('without a lock file it is npm', () => {
  writeFileSync(join(project, 'package.json'), '{}');
  expect(cure()).toBe('npm install --include=optional');
});

test('without a project it is an installation for the machine', () => {
  expect(cure()).toBe(`npm install --global --include=optional millrace@${version}`);
});
