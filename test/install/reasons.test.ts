// What is said of a binary that cannot be loaded: from its own bytes, and from the words of the system's loader.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

import { explain } from '../../dist/loader/attempt.js';
import { readBinaryFile } from '../../dist/loader/binary-file.js';
import { forMusl, forOther, otherArch } from './broken-binary';
import { binary, root } from './packages';

const folder = mkdtempSync(join(tmpdir(), 'millrace-reasons-'));
afterAll(() => rmSync(folder, { recursive: true }));

function read(bytes: Uint8Array) {
  const path = join(folder, 'file');
  writeFileSync(path, bytes);
  return readBinaryFile(path);
}

/** The least that an ELF file of 32 bits can be: a head, one segment, nothing asked for. */
function narrowElf(segmentLength: number): Buffer {
  const bytes = Buffer.alloc(84);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 1, 1]);
  bytes.writeUInt16LE(0x28, 18);
  bytes.writeUInt32LE(52, 28);
  bytes.writeUInt16LE(1, 44);
  bytes.writeUInt32LE(1, 52);
  bytes.writeUInt32LE(segmentLength, 68);
  return bytes;
}

function portable(machine: number): Buffer {
  const bytes = Buffer.alloc(128);
  bytes.write('MZ');
  bytes.writeUInt32LE(96, 60);
  bytes.writeUInt16LE(machine, 100);
  return bytes;
}

function machO(type: number): Buffer {
  const bytes = Buffer.alloc(32);
  bytes.writeUInt32LE(0xfeedfacf, 0);
  bytes.writeUInt32LE(type, 4);
  return bytes;
}

describe('read from the bytes', () => {
  test.each([
    ['nothing', Buffer.alloc(0), { platform: undefined, isCutShort: true }],
    ['a page of the web', Buffer.from('<!doctype html>'), { platform: undefined }],
    ['the first letters of ELF', Buffer.from('\x7fELF'), { platform: 'linux', isCutShort: true }],
    ['ELF for 32-bit arm', narrowElf(84), { platform: 'linux', arch: 'arm' }],
    ['the same, cut short', narrowElf(85), { platform: 'linux', arch: 'arm', isCutShort: true }],
    ['Windows on x64', portable(0x8664), { platform: 'win32', arch: 'x64' }],
    ['Windows on arm64', portable(0xaa64), { platform: 'win32', arch: 'arm64' }],
    ['macOS on x64', machO(0x01000007), { platform: 'darwin', arch: 'x64' }],
    ['macOS on arm64', machO(0x0100000c), { platform: 'darwin', arch: 'arm64' }],
  ])('%s', (_name, bytes, expected) => {
    expect(read(bytes)).toEqual(expected);
  });

  test('the one that was built is for this machine', () => {
    const { platform, arch } = process;
    expect(read(binary)).toMatchObject({ platform, arch });
  });

  describe.runIf(process.platform === 'linux')('the one that was built, changed', () => {
    test.each([1, 64, 4096, binary.length / 2, binary.length - 1])('%i bytes of it are too few', (length) => {
      expect(read(binary.subarray(0, length))).toMatchObject(
        length < 4 ? { platform: undefined } : { isCutShort: true },
      );
    });

    test('for another processor, and for another C library', () => {
      expect(read(forOther(binary)).arch).toBe(otherArch);
      if (read(binary).libc === 'glibc') expect(read(forMusl(binary)).libc).toBe('musl');
    });
  });
});

describe("the system's words", () => {
  const refused = (text: string) => Object.assign(new Error(text), { code: 'ERR_DLOPEN_FAILED' });

  test.each([
    [
      refused("/lib/libc.so.6: version `GLIBC_2.38' not found (required by /x.node)"),
      'glibc',
      /^needs glibc 2\.38 or newer: .*required by/,
    ],
    [refused('/x.node: failed to map segment from shared object'), 'forbidden', /mounted noexec/],
    [refused('Error loading shared library /x.node: Operation not permitted'), 'forbidden', /noexec/],
    [Object.assign(new Error('disabled'), { code: 'ERR_DLOPEN_DISABLED' }), 'disabled', /may not load/],
    [refused('/x.node: undefined symbol: frob'), 'damaged', /refused by the system: .*frob/],
    [new Error('no'), 'damaged', /threw while it was loaded: no/],
    ['only words', 'damaged', /threw while it was loaded: only words/],
    [undefined, 'damaged', /threw while it was loaded: undefined/],
    [Object.create(null), 'damaged', /a value that cannot be shown/],
  ])('%#: are understood', (cause, fault, reason) => {
    expect(explain(cause)).toEqual([fault, expect.stringMatching(reason)]);
  });
});

test('a process that may not load addons says with which option it would', () => {
  const load = "try { require('./dist/index.js') } catch (error) { console.log(error.cure) }";
  const cure = execFileSync(process.execPath, ['--no-addons', '-e', load], { cwd: root, encoding: 'utf8' });
  expect(cure).toBe('node --addons\n');
  const cured = execFileSync(process.execPath, ['--no-addons', '--addons', '-e', load], { cwd: root });
  expect(cured.toString()).toBe('');
});

test.runIf(process.platform === 'linux')('without /proc the C library is still known', () => {
  const hide = `
    const fs = require('fs');
    const { readFileSync } = fs;
    fs.readFileSync = (path, ...rest) => {
      if (path === '/proc/self/maps') throw new Error('hidden');
      return readFileSync(path, ...rest);
    };`;
  const tell = "console.log(require('./dist/loader/machine.js').describeMachine().tell())";
  const run = (code: string) => execFileSync(process.execPath, ['-e', code], { cwd: root, encoding: 'utf8' });
  expect(run(`${hide}${tell}`)).toBe(run(tell));
  expect(run(tell)).toMatch(/^linux \w+, (glibc \d|musl)/);
});

describe('a machine without a package', () => {
  const preload = join(folder, 'preload.cjs');
  writeFileSync(preload, "Object.defineProperty(process, 'arch', { value: 'mips' });");

  test('is told to build from source', () => {
    const load = "try { require('./dist/index.js') } catch (error) { console.log(JSON.stringify(error)) }";
    const args = ['--require', preload, '-e', load];
    const told = execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    const error = JSON.parse(told) as { attempts: unknown[]; cure: string; machine: string };
    expect(error).toMatchObject({ attempts: [], cure: 'npm ci && npm run build:native' });
    expect(error.machine).toContain('mips');
  });
});

test('a checkout in which nothing was built is told to build', () => {
  const checkout = join(folder, 'checkout');
  mkdirSync(join(checkout, 'crates', 'binding'), { recursive: true });
  writeFileSync(join(checkout, 'crates', 'binding', 'Cargo.toml'), '');
  for (const name of ['dist', 'package.json'])
    cpSync(join(root, name), join(checkout, name), { recursive: true });
  const load = "try { require('./dist/index.js') } catch (error) { console.log(error.cure) }";
  const cure = execFileSync(process.execPath, ['-e', load], { cwd: checkout, encoding: 'utf8' });
  expect(cure).toBe('npm run build:native\n');
});
