// `millrace doctor`: all is well here, and each of the faults that are planted is found and told in words.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

import type { Diagnosis } from '../../dist/cli/doctor/diagnosis.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(realpathSync(tmpdir()), 'millrace-doctor-'));
afterAll(() => rmSync(folder, { recursive: true }));

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the doctor of the package in `where`, with these variables beside the usual ones. */
function doctor(args: string[], variables: Record<string, string> = {}, where = root): Promise<Ended> {
  const clean = Object.entries(process.env).filter(([name]) => !name.startsWith('MILLRACE_'));
  const env = { ...Object.fromEntries(clean), ...variables };
  const program = join(where, 'dist', 'cli', 'main.js');
  return new Promise((resolve) => {
    execFile(process.execPath, [program, 'doctor', ...args], { env, cwd: folder }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

async function diagnose(variables?: Record<string, string>, where?: string): Promise<Diagnosis> {
  const { code, stdout, stderr } = await doctor(['--json'], variables, where);
  expect(stderr).toBe('');
  const found = JSON.parse(stdout) as Diagnosis;
  expect(code).toBe(found.isWell ? 0 : 1);
  return found;
}

function write(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const well = await diagnose();
const { binary } = well;

describe('all is well', () => {
  test('and every fact is there', () => {
    const bytes = readFileSync(binary?.path ?? '');
    expect(well).toMatchObject({
      isWell: true,
      faults: [],
      version,
      versions: { node: process.versions.node },
      platform: process.platform,
      arch: process.arch,
      cores: availableParallelism(),
      variables: {},
      binary: {
        origin: 'built',
        version,
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      },
      externalMemory: true,
      selfTest: { handOver: { isWell: true }, terminate: { isWell: true } },
    });
    expect(well).not.toHaveProperty('attempts');
  });

  test('and is told in words', async () => {
    const { code, stdout, stderr } = await doctor([]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const word of [binary?.path, binary?.sha256, process.versions.node, 'All is well.']) {
      expect(stdout).toContain(word);
    }
    expect(stdout).toMatch(/^hand-over through a worker +well$/m);
    expect(stdout).toMatch(/^terminate of a blocked worker +well$/m);
  });

  test('with a binary that is named, and without external memory', async () => {
    const found = await diagnose({ MILLRACE_BINARY: binary?.path ?? '', MILLRACE_COPY: '1' });
    expect(found).toMatchObject({ isWell: true, externalMemory: false, binary: { origin: 'variable' } });
    expect(found.variables).toEqual({ MILLRACE_BINARY: binary?.path, MILLRACE_COPY: '1' });
  });
});

/** This package, calling itself another version. */
function otherVersion(): string {
  const where = join(folder, 'other');
  mkdirSync(where);
  cpSync(join(root, 'dist'), join(where, 'dist'), { recursive: true });
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as object;
  writeFileSync(join(where, 'package.json'), JSON.stringify({ ...manifest, version: '99.0.0' }));
  return where;
}

/** A module that every thread of a process loads first. */
function preload(name: string, code: string): Record<string, string> {
  return { NODE_OPTIONS: `--require ${JSON.stringify(write(name, code))}` };
}

describe('a planted fault', () => {
  test('1: a binary that is no binary', async () => {
    const path = write('half.node', '<!doctype html>');
    const found = await diagnose({ MILLRACE_BINARY: path });
    expect(found.faults).toEqual([
      {
        what: expect.stringContaining(`${path} is no binary`),
        cure: expect.stringMatching(/MILLRACE_BINARY/),
      },
    ]);
    expect(found.attempts).toEqual([{ path, reason: 'is no binary' }]);
    expect(found).not.toHaveProperty('binary');
  });

  test('2: MILLRACE_BINARY is a relative path', async () => {
    const found = await diagnose({ MILLRACE_BINARY: 'millrace.node' });
    expect(found.faults).toEqual([
      { what: expect.stringMatching(/no absolute path/), cure: expect.stringMatching(/MILLRACE_BINARY/) },
    ]);
  });

  test('3: a binary of another version than the JavaScript', async () => {
    const found = await diagnose({ MILLRACE_BINARY: binary?.path ?? '' }, otherVersion());
    expect(found.faults).toEqual([
      {
        what: expect.stringContaining(`is ${version}, and the JavaScript that asks for it is 99.0.0`),
        cure: expect.anything(),
      },
    ]);
  });

  test('4: a variable that is misspelt', async () => {
    const found = await diagnose({ MILLRACE_BINRAY: binary?.path ?? '' });
    expect(found.faults).toEqual([
      { what: expect.stringContaining('MILLRACE_BINRAY'), cure: expect.stringContaining('MILLRACE_BINRAY') },
    ]);
    expect(found.selfTest).toEqual({ handOver: { isWell: true }, terminate: { isWell: true } });
  });

  test('5: workers that cannot start', async () => {
    const code = "if (!require('worker_threads').isMainThread) throw new Error('no thread for you');";
    const found = await diagnose(preload('workers.cjs', code));
    expect(found.faults[0]?.what).toMatch(
      /^A message handed to a worker did not come back: no thread for you/,
    );
    expect(found.selfTest).toMatchObject({ handOver: { isWell: false }, terminate: { isWell: false } });
  });

  test('6: a Node that is too old', async () => {
    const versions = "{ ...process.versions, node: '18.20.0' }";
    const found = await diagnose(
      preload('old.cjs', `Object.defineProperty(process, 'versions', { value: ${versions} });`),
    );
    expect(found.faults).toEqual([
      { what: expect.stringMatching(/^This is Node 18\.20\.0, .* 20 or newer/) },
    ]);
  });

  test('is told in words, with the cure', async () => {
    const { code, stdout, stderr } = await doctor([], { MILLRACE_BINARY: 'here', MILLRACE_FROB: '1' });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toContain('What is wrong:');
    for (const word of ['here is no absolute path', 'MILLRACE_FROB is set', 'To cure it']) {
      expect(stdout).toContain(word);
    }
    expect(stdout).not.toContain('All is well');
  });
});

describe('used wrongly', () => {
  test.each([
    ['an unknown option', ['--frob'], /'--frob'. Expected options: --json, --help/],
    ['a path', ['here'], /options only. Received 'here'/],
  ])('%s: exit code 2, and a message', async (_name, args, message) => {
    const { code, stdout, stderr } = await doctor(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('--help is answered with the option and exit codes', async () => {
    const { code, stdout } = await doctor(['--help']);
    expect(code).toBe(0);
    for (const word of ['--json', 'Exit codes', 'checksum']) expect(stdout).toContain(word);
  });
});
