// What a run of the benchmarks leaves: its results, also in folders that were not there, and also when it fails.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { runParts } from '../../bench/course.mjs';
import { furtherNames } from '../../bench/further.mjs';
import { report } from '../../bench/results.mjs';
import { scenarios } from '../../bench/scenarios.mjs';

const program = fileURLToPath(new URL('../../bench/run.mjs', import.meta.url));
const small = [
  '--only',
  '64KiB-hand-over',
  '--peers',
  'refs-unfilled',
  '--seconds',
  '0.01',
  '--repetitions',
  '1',
];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-bench-'));
});
afterAll(() => rm(folder, { recursive: true }));

function bench(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(process.execPath, [program, ...small, ...args]);
}

test('the folders of its files are made', async () => {
  const [out, json] = [join(folder, 'new', 'one', 'RESULTS.md'), join(folder, 'new', 'two', 'all.json')];
  await bench('--out', out, '--json', json);
  expect(await readFile(out, 'utf8')).toContain('## 64KiB-hand-over');
  const { measured } = JSON.parse(await readFile(json, 'utf8'));
  expect(Object.keys(measured)).toEqual(['64KiB-hand-over']);
});

test('the README beside it says what each part measures', async () => {
  const text = await readFile(new URL('../../bench/README.md', import.meta.url), 'utf8');
  const names = [...scenarios.map(({ name }: { name: string }) => name), ...furtherNames];
  const told = names.map((name) => `\`${name.replace(/^[\d.]+[KM]?i?B-/, 'SIZE-')}\``);
  expect(told.filter((name) => !text.includes(name))).toEqual([]);
});

test('a file that cannot be written is refused before anything is measured', async () => {
  await expect(bench('--json', folder)).rejects.toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('it is a folder'),
  });
});

test('a part that fails ends the run, whose results say so and keep what came before', async () => {
  const kept: string[] = [];
  const part = (name: string, measure: () => Promise<number>) => ({ name, measure, section: String });
  const broken = part('second', () => Promise.reject(new Error('a payload came wrong')));
  const parts = [part('first', async () => 1), broken, part('third', async () => 3)];
  const { measured, sections, failure } = await runParts(parts, {
    tell() {},
    keep: (name: string) => kept.push(name),
  });
  expect({ measured, sections, kept }).toEqual({ measured: { first: 1 }, sections: ['1'], kept: ['first'] });
  expect(failure).toMatchObject({ name: 'second', error: { message: 'a payload came wrong' } });
  const options = { repetitions: 1, seconds: 1, samples: 1 };
  const text = (failed?: string): string => report(sections, { machine: {}, options, seconds: 9, failed });
  expect(text('second failed')).toContain(
    '**The run is not whole**: it ended after 9 s, because second failed',
  );
  expect(text()).toContain('The whole run took 9 s.');
});
