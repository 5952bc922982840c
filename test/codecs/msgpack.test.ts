// `millrace/msgpack`: what it carries, what it refuses, and what it says where msgpackr is missing.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ChannelCodecError, attach, bounded, transfer } from 'millrace';
import { msgpack } from 'millrace/msgpack';
import { expect, test } from 'vitest';

import { candidate } from '../../dist/loader/loader.js';
import { thrownBy } from './thrown';

test('plain data arrives as it was sent', () => {
  const [tx, rx] = bounded(32, { codec: msgpack() });
  const values = [
    null,
    true,
    1.5,
    -3,
    2n ** 40n,
    'caf\u00e9',
    [1, [2]],
    { a: { b: 1 } },
    new Date(5),
    new Set([1]),
  ];
  tx.trySendMany(values);
  expect(rx.tryRecvMany(32)).toEqual(values);
  tx.trySend({ body: new Uint8Array([1, 2, 3]) });
  expect([...(rx.tryRecv() as { body: Uint8Array }).body]).toEqual([1, 2, 3]);
  tx.close();
  rx.close();
});

test('what it cannot carry is refused, and nothing is sent', () => {
  const [tx, rx] = bounded(4, { codec: msgpack<object>() });
  for (const value of [{ f: () => 1 }, { s: Symbol('x') }, { handle: tx }]) {
    expect(thrownBy(() => tx.trySend(value))).toBeInstanceOf(ChannelCodecError);
  }
  expect(rx.length).toBe(0);
  tx.close();
  rx.close();
});

test('bytes that are none of its own are a ChannelCodecError', () => {
  const [raw, rx] = bounded(4);
  const parcel = transfer(rx);
  raw.trySend(new Uint8Array([0x93, 1]));
  const there = attach(parcel);
  expect(thrownBy(() => msgpack().decode(there.tryRecv()!))).toBeInstanceOf(Error);
  there.close();
  raw.close();
});

test('where msgpackr is missing the error says what installs it, and millrace itself loads', () => {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'millrace-msgpack-'));
  try {
    const home = join(folder, 'node_modules', 'millrace');
    mkdirSync(home, { recursive: true });
    for (const part of ['dist', 'package.json']) cpSync(part, join(home, part), { recursive: true });
    const run = (program: string) =>
      execFileSync(process.execPath, ['-e', program], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, MILLRACE_BINARY: candidate.path },
      });
    expect(
      run("try { require('millrace/msgpack') } catch (error) { console.log(error.code, error.message) }"),
    ).toMatch(/^ERR_CHANNEL_LOAD .*npm install msgpackr/);
    expect(run("console.log(typeof require('millrace').bounded)")).toBe('function\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
