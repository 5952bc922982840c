// What was logged is written before a process, or a thread, is gone: drainedSync in `process.on('exit')`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';
import { Child } from './child';

const folder = mkdtempSync(join(tmpdir(), 'millrace-exit-'));
afterAll(() => rmSync(folder, { recursive: true }));

const count = 2000;
const ends: [how: string, code: number][] = [
  ['the program ends', 0],
  ['the program exits', 0],
  ['the program throws', 1],
  ['batched, the program exits', 0],
  ['a worker ends', 0],
  ['a worker exits', 0],
];

test.each(ends)('%s: every line that was logged is in the file, in order', async (how, code) => {
  const file = join(folder, `${how}.log`);
  const child = new Child(new URL('fixtures/logger.cjs', import.meta.url), {
    args: [file, how, String(count)],
  });
  expect((await child.ended).code, child.errors).toBe(code);
  const lines = readFileSync(file, 'utf8').split('\n');
  expect(lines).toEqual([...Array.from({ length: count }, (_, line) => `line ${line}`), '']);
});
