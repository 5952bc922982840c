// Twelve broken installations: each is answered with what was tried, why it failed, and a command, which is then run.
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import type { Diagnosis } from '../../dist/cli/doctor/diagnosis.js';
import { binaryOf, packageOf } from '../../dist/targets.js';
import { forMusl, forNewerGlibc, forOther, otherArch, throwing } from './broken-binary';
import { type Surroundings, npm, shell } from './npm';
import { binary, elsewhere, here, later, packAll, root, version } from './packages';
import { type Registry, serve } from './registry';

// npm takes seconds where nothing else runs, and several times that on a busy machine.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

/** What is printed by the program that every project has: whether millrace works there, or the error. */
interface Told {
  received?: number[];
  name?: string;
  code?: string;
  message?: string;
  attempts?: { path: string; reason: string }[];
  machine?: string;
  cure?: string;
}

const program = `
const load = process.argv[2] === 'user' ? require('user') : () => require('millrace');
try {
  const { bounded } = load();
  const [tx, rx] = bounded(1);
  tx.trySend(Uint8Array.of(7));
  console.log(JSON.stringify({ received: [...rx.tryRecv()] }));
} catch (error) {
  const { name, code, message, attempts, machine, cure } = error;
  console.log(JSON.stringify({ name, code, message, attempts, machine, cure }));
}
`;
const works: Told = { received: [7] };
const run = 'node program.cjs';
const name = packageOf(here);
const inPackage = join('node_modules', name);

// With letters that a shell, a URL and an encoding may trip over.
const folder = mkdtempSync(join(realpathSync(tmpdir()), 'millrace installs-ä-'));
const whole = join(folder, 'whole');
let registry: Registry;
let surroundings: Surroundings;

beforeAll(async () => {
  // An unprivileged user reads here, too.
  chmodSync(folder, 0o755);
  const packages = await packAll(folder);
  registry = await serve(folder, packages);
  surroundings = { npm_config_registry: registry.url, npm_config_cache: join(folder, 'cache') };
  make(whole, { millrace: version });
  await install(whole);
});
afterAll(async () => {
  await registry.close();
  rmSync(folder, { recursive: true, force: true });
});

function make(project: string, dependencies: Record<string, string>): void {
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, dependencies }));
  writeFileSync(join(project, 'program.cjs'), program);
}

async function install(project: string, ...options: string[]): Promise<void> {
  await npm(['install', ...options], project, surroundings);
}

/** A project of its own that is whole as yet. */
function copy(): string {
  const project = mkdtempSync(join(folder, 'project '));
  chmodSync(project, 0o755);
  cpSync(whole, project, { recursive: true });
  return project;
}

async function told(project: string, line = run, more: Surroundings = {}, uid?: number): Promise<Told> {
  return JSON.parse(await shell(line, project, { ...surroundings, ...more }, uid)) as Told;
}

/** The documented error, naming `path` and the reason, and the cure. */
function expectError(answer: Told, path: string, reason: RegExp, cure: string): void {
  expect(answer).toMatchObject({ name: 'ChannelLoadError', code: 'ERR_CHANNEL_LOAD', cure });
  expect(answer.attempts).toEqual([{ path, reason: expect.stringMatching(reason) }]);
  expect(answer.machine).toContain(`${process.platform} ${process.arch}`);
  for (const part of [path, answer.attempts?.[0]?.reason, answer.machine, cure]) {
    expect(answer.message).toContain(part);
  }
}

/** Runs the cure in the project, then expects that all is well. */
async function expectCured(project: string, cure: string): Promise<void> {
  await shell(cure, project, surroundings);
  expect(await told(project)).toEqual(works);
}

const damaged = `rm -rf ${inPackage} && npm install`;
const posix = process.platform !== 'win32';
const linux = process.platform === 'linux';

/** Puts other bytes in the place of the binary. */
function replace(project: string, bytes: Buffer): string {
  const path = join(project, inPackage, binaryOf(here));
  writeFileSync(path, bytes);
  return path;
}

/** Other bytes in the place of the binary are refused, and the cure brings it back. */
async function expectReplaced(bytes: Buffer, reason: RegExp): Promise<void> {
  const project = copy();
  const path = replace(project, bytes);
  expectError(await told(project), path, reason, damaged);
  await expectCured(project, damaged);
}

test('what is whole works, and the binary comes from its package', async () => {
  expect(await told(whole)).toEqual(works);
  const loader = "require('./node_modules/millrace/dist/loader/loader.js').candidate.path";
  expect((await shell(`node -p "${loader}"`, whole)).trim()).toBe(join(whole, inPackage, binaryOf(here)));
});

test('the doctor of what is installed says so, too, and which C library this is', async () => {
  const line = `${join('node_modules', '.bin', 'millrace')} doctor --json`;
  const found = JSON.parse(await shell(line, whole)) as Diagnosis;
  expect(found).toMatchObject({
    isWell: true,
    faults: [],
    version,
    binary: { origin: 'package', path: join(whole, inPackage, binaryOf(here)), version },
    selfTest: { handOver: { isWell: true }, terminate: { isWell: true } },
  });
  // A musl has no version that a process could be asked for.
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  expect(found.libc).toBe(here.libc === 'glibc' ? `glibc ${header.glibcVersionRuntime}` : here.libc);
});

describe('not installed', () => {
  const cure = 'npm install --include=optional';

  test('1: a missing package', async () => {
    const project = copy();
    rmSync(join(project, inPackage), { recursive: true });
    expectError(await told(project), name, /not installed: optional dependencies were left out/, cure);
    await expectCured(project, cure);
  });

  test('2: --omit=optional', async () => {
    const project = mkdtempSync(join(folder, 'project '));
    const inside = join(project, 'omitting');
    make(inside, { millrace: version });
    writeFileSync(join(inside, '.npmrc'), 'omit=optional\n');
    await install(inside);
    expectError(await told(inside), name, /not installed: optional dependencies were left out/, cure);
    await expectCured(inside, cure);
  });

  const machine = [`--os=${elsewhere.platform}`, `--cpu=${elsewhere.arch}`];

  test.runIf(posix)('3: a lock file from another platform', async () => {
    const project = join(folder, 'locked elsewhere');
    make(project, { millrace: version });
    await install(project, ...machine);
    // As npm up to 10 left it where the lock file was made beside what was installed on the other platform.
    rmSync(join(project, 'node_modules', packageOf(elsewhere)), { recursive: true });
    const lock = join(project, 'package-lock.json');
    const { packages, ...rest } = JSON.parse(readFileSync(lock, 'utf8')) as { packages: object };
    const kept = Object.entries(packages).filter(([place]) => place !== `node_modules/${name}`);
    writeFileSync(lock, JSON.stringify({ ...rest, packages: Object.fromEntries(kept) }, undefined, 2));
    const fresh = 'rm -rf node_modules package-lock.json && npm install';
    expectError(await told(project), name, /package-lock\.json comes from another platform/, fresh);
    await expectCured(project, fresh);
  });

  test.runIf(posix)('and node_modules from another platform', async () => {
    const project = join(folder, 'installed elsewhere');
    make(project, { millrace: version });
    await install(project, ...machine);
    const fresh = 'rm -rf node_modules && npm install';
    const reason = new RegExp(`node_modules comes from another platform, and has ${packageOf(elsewhere)}`);
    expectError(await told(project), name, reason, fresh);
    await expectCured(project, fresh);
  });
});

describe.runIf(linux)('a file that is not what it should be', () => {
  test.each([
    ['4: wrong architecture', () => forOther(binary), new RegExp(`is a binary for ${otherArch}, and this`)],
    ['5: truncated', () => binary.subarray(0, binary.length / 2), /is cut short/],
    ['7: an addon that throws', () => throwing(binary), /threw while it was loaded/],
  ])('%s', (_name, bytes, reason) => expectReplaced(bytes(), reason));

  test.runIf(here.libc === 'glibc')('6: musl on glibc', () =>
    expectReplaced(forMusl(binary), /is a binary for musl, and this process runs on glibc/),
  );

  test.runIf(here.libc === 'glibc')('8: glibc too old', async () => {
    const project = copy();
    const path = replace(project, forNewerGlibc(binary));
    expectError(await told(project), path, /needs glibc 2\.99 or newer/, 'npm ci && npm run build:native');
    // What that command leaves behind, and prints the use of, is what these tests were built with; in a checkout
    // of its own, `npm run test:runtimes -- --only source` runs it.
    expect(await told(project, run, { MILLRACE_BINARY: join(root, 'npm', binaryOf(here)) })).toEqual(works);
  });
});

test.runIf(posix)('9: no read permission', async () => {
  // Root reads everything: then somebody else looks.
  const uid = process.getuid?.() === 0 ? 65_534 : undefined;
  const project = copy();
  const path = join(project, inPackage, binaryOf(here));
  chmodSync(path, 0);
  const cure = `chmod -R a+rX ${inPackage}`;
  expectError(await told(project, run, {}, uid), path, /may not be read by this user/, cure);
  await shell(cure, project);
  expect(await told(project, run, {}, uid)).toEqual(works);
});

test('10: MILLRACE_BINARY pointing nowhere', async () => {
  const project = copy();
  const cure = posix ? 'unset MILLRACE_BINARY' : 'set MILLRACE_BINARY=';
  const nowhere = join(project, 'nowhere.node');
  const named = { MILLRACE_BINARY: nowhere };
  expectError(await told(project, run, named), nowhere, /does not exist/, cure);
  expect(await told(project, `${cure} && ${run}`, named)).toEqual(works);
});

describe('versions', () => {
  test.runIf(posix)('11: the wrong version beside the JavaScript', async () => {
    const project = copy();
    cpSync(join(folder, 'staged', `later-${here.name}`), join(project, inPackage), { recursive: true });
    const path = join(project, inPackage, binaryOf(here));
    const reason = new RegExp(`is ${later}, and the JavaScript that asks for it is ${version}`);
    expectError(await told(project), path, reason, damaged);
    await expectCured(project, damaged);
  });

  test.runIf(posix)("12: two versions at once, of which one finds the other one's", async () => {
    const project = join(folder, 'two versions');
    make(project, { millrace: version, user: '1.0.0' });
    await install(project);
    expect([await told(project), await told(project, `${run} user`)]).toEqual([works, works]);
    rmSync(join(project, 'node_modules', 'user', inPackage), { recursive: true });
    const reason = new RegExp(`is ${version}, and the JavaScript that asks for it is ${later}`);
    const path = join(project, inPackage, binaryOf(here));
    expectError(await told(project, `${run} user`), path, reason, damaged);
    await expectCured(project, damaged);
    expect(await told(project, `${run} user`)).toEqual(works);
  });
});
