// What a run of the benchmarks leaves: its results, also in folders that were not there, and also when it fails.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { runParts } from '../../bench/course.mjs';
import { furtherNames } from '../../bench/further/further.mjs';
import { headline, placedInReadme } from '../../bench/report/headline.mjs';
import { isNewest, placed } from '../../bench/report/results-file.mjs';
import { report } from '../../bench/report/results.mjs';
import { ChunkedFile } from '../../bench/jobs/chunks/file.mjs';
import { work } from '../../bench/jobs/chunks/work.mjs';
import { scenarios } from '../../bench/who/scenarios.mjs';

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
  const told = names
    .map((name) =>
      name
        .replace(/^[\d.]+[KM]?i?B-/, 'SIZE-')
        .replace(/-(busy-\d|one-core)$/, '-LOAD')
        .replace(/^broadcast-\d/, 'broadcast-N'),
    )
    .map((name) => `\`${name}\``);
  expect(told.filter((name) => !text.includes(name))).toEqual([]);
});

test('a file that cannot be written is refused before anything is measured', async () => {
  await expect(bench('--json', folder)).rejects.toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('it is a folder'),
  });
});

test('a Node that is none is refused before anything is measured', async () => {
  await expect(bench('--node', '24,newest')).rejects.toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining("Received 'newest'"),
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

test('the results have a part for each Node, the newest first, and a run changes its own only', () => {
  const twenty = placed('what was there before', 20, 'of 20');
  expect(twenty).not.toContain('before');
  const both = placed(twenty, 24, 'of 24');
  expect(both.indexOf('of 24')).toBeLessThan(both.indexOf('of 20'));
  expect([isNewest(both, 20), isNewest(both, 24)]).toEqual([false, true]);
  const again = placed(both, 20, 'of 20, later');
  expect(again).toContain('of 20, later');
  expect(again).toContain('of 24');
  expect(again.match(/of 20/g)).toHaveLength(1);
});

test('a job is done in a process of its own, whose processor time and memory stand beside the rate', async () => {
  const file = join(folder, 'job.json');
  const args = [
    program,
    '--only',
    '16KiB-chunks,call-loaded',
    '--peers',
    'chunks-plain,chunks-post,call-post',
  ];
  const quick = ['--seconds', '0.01', '--repetitions', '1', '--json', file];
  await promisify(execFile)(process.execPath, [...args, ...quick]);
  const { measured } = JSON.parse(await readFile(file, 'utf8'));
  const names = Object.values(measured).flatMap((entries) => (entries as Entry[]).map(({ name }) => name));
  expect(new Set(names)).toEqual(new Set(['chunks-plain', 'chunks-post', 'call-post']));
  for (const { values, costs, peaks } of Object.values(measured).flat() as Entry[]) {
    expect([values.length, costs.length, peaks.length]).toEqual([1, 1, 1]);
    expect(Math.min(...values, ...costs)).toBeGreaterThan(0);
    // Every Node takes more than that, and none of these so much.
    expect(peaks[0]).toBeGreaterThan(20);
    expect(peaks[0]).toBeLessThan(2000);
  }
});

interface Entry {
  name: string;
  values: number[];
  costs: number[];
  peaks: number[];
}

test('the most memory of a process is its own, however much the one that started it had', async () => {
  const held = Buffer.alloc(400_000_000, 1);
  const peak = new URL('../../bench/measure/peak.mjs', import.meta.url).href;
  const code = `import(${JSON.stringify(peak)}).then(({ peakMemory }) => console.log(peakMemory()))`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--eval', code]);
  expect(Number(stdout)).toBeGreaterThan(10_000_000);
  expect(Number(stdout)).toBeLessThan(held.length / 2);
});

test('a chunk that comes back other than it went fails the job', async () => {
  const file = await ChunkedFile.make(16_384, false);
  const chunk = new Uint8Array(16_384);
  await file.read(3, chunk);
  expect(() => file.check(3, chunk)).toThrow('Chunk 3 of 16384 bytes did not come back as it went');
  work(chunk, false);
  file.check(3, chunk);
  expect(() => file.check(4, chunk)).toThrow('Chunk 4');
  expect(() => file.check(3, chunk.subarray(1))).toThrow('Chunk 3');
  await file.close();
});

test('the table of the project’s README says which verbs were best, and how they stand beside others', async () => {
  const measured = {
    '64KiB-chunks': [
      { name: 'chunks-refs', values: [2000, 3000, 2500] },
      { name: 'chunks-plain', values: [9000] },
      { name: 'chunks-post-back', values: [1000] },
    ],
    'call-idle': [
      { name: 'call-rpc', values: [0.05] },
      { name: 'call-post', values: [0.1] },
    ],
  };
  const words = headline(measured);
  expect(words).toMatch(/chunks of a file, 64 KiB, .*`sendRef`, `refs\(\)`.*2,500 chunks\/s +\| 2.50 x/);
  expect(words).toMatch(/now and then .*50.0 us +\| 2.00 x/);
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  expect(placedInReadme(readme, words)).toContain(words);
  expect(() => placedInReadme('nothing', words)).toThrow('the marks of the benchmark');
});
