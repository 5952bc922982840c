// One binary for all threads: MILLRACE_BINARY is the whole process's, however a worker's environment was made.
import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';

import { root } from './packages';

const run = promisify(execFile);
const folder = mkdtempSync(join(realpathSync(tmpdir()), 'millrace threads-ö-'));
const named = join(folder, 'of my own.node');
afterAll(() => rmSync(folder, { recursive: true }));

/** Each thread tells which binary it has; the last one sends its answer through a channel. */
const program = `
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');
const path = () => require(${JSON.stringify(join(root, 'dist', 'loader', 'loader.js'))}).candidate.path;
const millrace = () => require(${JSON.stringify(join(root, 'dist', 'index.js'))});
const [order] = process.argv.slice(2);
if (isMainThread) {
  const isFirst = order.startsWith('main first');
  const first = isFirst ? path() : undefined;
  const ends = isFirst ? millrace().channel({ codec: 'text' }) : undefined;
  if (order.endsWith('forgets')) delete process.env.MILLRACE_BINARY;
  const options = { argv: [order], env: order === 'misled' ? { MILLRACE_BINARY: '/misled.node' } : {} };
  const tx = ends && millrace().transfer(ends[0]);
  const worker = new Worker(__filename, { ...options, workerData: tx });
  worker.on('message', async (theirs) => {
    const sent = ends && (await ends[1].recv());
    console.log(JSON.stringify({ theirs, ours: first ?? path(), sent }));
  });
} else {
  const theirs = path();
  if (workerData) {
    const tx = millrace().attach(workerData);
    tx.sendSync('through a channel');
    tx.close();
  }
  parentPort.postMessage(theirs);
}
`;

test.each([
  ['main first', { theirs: named, ours: named, sent: 'through a channel' }],
  ['main first, and forgets', { theirs: named, ours: named, sent: 'through a channel' }],
  ['worker first', { theirs: named, ours: named }],
  ['misled', { theirs: named, ours: named }],
])('%s: all threads load it, those with an environment of their own too', async (order, expected) => {
  const { candidate } = (await import('../../dist/loader/loader.js')) as { candidate: { path: string } };
  copyFileSync(candidate.path, named);
  const script = join(folder, 'program.cjs');
  writeFileSync(script, program);
  const env = { ...process.env, MILLRACE_BINARY: named };
  const { stdout } = await run(process.execPath, [script, order], { env });
  expect(JSON.parse(stdout)).toEqual(expected);
});
