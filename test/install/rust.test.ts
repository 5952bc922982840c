// Building where Rust is missing or too old: said at once, with what is needed and how to get it.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [, wanted] = /^rust-version = "([\d.]+)"/m.exec(readFileSync(join(root, 'Cargo.toml'), 'utf8'))!;
const [major, minor] = wanted!.split('.').map(Number) as [number, number];

/** The only folder on the PATH. */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-rust-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A command that prints its version and can do nothing else. */
function put(name: string, version: string): void {
  const script = `#!/bin/sh\n[ "$1" = --version ] && echo '${name} ${version}' && exit 0\nexit 101\n`;
  writeFileSync(join(folder, name), script);
  chmodSync(join(folder, name), 0o755);
}

function build(): { status: number | null; told: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/build-native.mjs', '--quiet'], {
    cwd: root,
    env: { ...process.env, PATH: folder, Path: folder },
    encoding: 'utf8',
  });
  return { status, told: stdout + stderr };
}

const cures = [
  `that needs Rust ${wanted} or newer`,
  "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y",
  'rustup update stable',
];

// What stands in for cargo is a shell script.
const posix = test.skipIf(process.platform === 'win32');

test('without Rust: what is missing, and how to get it', () => {
  const { status, told } = build();
  expect(status).toBe(1);
  for (const part of [...cures, 'cargo was not found on the PATH']) expect(told).toContain(part);
});

posix('with a compiler and no cargo: the same', () => {
  put('rustc', `${wanted}.0`);
  const { status, told } = build();
  expect(status).toBe(1);
  for (const part of [...cures, 'cargo was not found on the PATH']) expect(told).toContain(part);
});

posix.each([`${major}.${minor - 1}.9`, `${major}.9.0`, `${major - 1}.${minor + 10}.0`])(
  'with Rust %s: that it is too old, and how to update it',
  (version) => {
    put('cargo', version);
    put('rustc', `${version} (abcdef123 2020-01-01)`);
    const { status, told } = build();
    expect(status).toBe(1);
    for (const part of [...cures, `this is Rust ${version}`]) expect(told).toContain(part);
  },
);

posix.each([`${wanted}.0`, `${major}.${minor + 1}.0`, `${major + 1}.0.0-nightly`])(
  'with Rust %s it goes on, and what the build says is what is heard',
  (version) => {
    put('cargo', version);
    put('rustc', version);
    const { status, told } = build();
    expect(status).toBe(1);
    expect(told).not.toBe('');
    expect(told).not.toContain('needs Rust');
  },
);
