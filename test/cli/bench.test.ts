// `millrace bench` as somebody at a terminal sees it: what it prints, and its exit codes. Never how fast anything is.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

import { readBenchArguments } from '../../dist/cli/bench/arguments.js';
import { check, stamp } from '../../dist/cli/bench/payload.js';
import { table } from '../../dist/cli/bench/report.js';

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const shortest = ['bench', '--seconds', '0.01', '--repetitions', '2'];
/** The warming up alone takes seconds on a slow machine. */
const patience = 300_000;

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the program; `watch` sees its standard output grow, and says when to interrupt it. */
async function millrace(args: string[], watch?: (stdout: string) => boolean): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  let interrupted = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (watch?.(stdout) && !interrupted) interrupted = child.kill('SIGINT');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

test(
  'a table for each size, with every way in it',
  async () => {
    const { code, stdout, stderr } = await millrace(shortest);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    for (const size of ['64 bytes', '64 KiB', '6.2 MB']) {
      expect(stdout).toContain(`${size} 100 %\n`);
      expect(stdout).toMatch(new RegExp(`^${size} +messages/s`, 'm'));
    }
    for (const way of ['millrace sendSync', 'millrace send /', 'postMessage, copied', 'postMessage, tran']) {
      expect(stdout.split('\n').filter((line) => line.startsWith(way))).toHaveLength(3);
    }
  },
  patience,
);

test(
  'for programs: one JSON object on standard output, progress beside it',
  async () => {
    const { code, stdout, stderr } = await millrace([...shortest, '--json']);
    expect(code).toBe(0);
    const { node, results } = JSON.parse(stdout) as {
      node: string;
      results: { size: number; way: string; rates: number[] }[];
    };
    expect(node).toBe(process.versions.node);
    expect(results.map(({ size }) => size)).toEqual(
      [64, 65_536, 6_220_800].flatMap((size) => Array(4).fill(size)),
    );
    for (const { rates } of results) {
      expect(rates).toHaveLength(2);
      expect(Math.min(...rates)).toBeGreaterThan(0);
    }
    expect(stderr).toContain('64 bytes 100 %\n');
  },
  patience,
);

test(
  'Ctrl-C ends the workers, and says so',
  async () => {
    const { code, stdout } = await millrace(['bench', '--seconds', '60', '--repetitions', '1'], (text) =>
      text.includes('64 bytes 25 %'),
    );
    expect(stdout).toMatch(/Interrupted: workers ended\.\n$/);
    expect(code).toBe(130);
  },
  patience,
);

test('help says what it measures', async () => {
  const { code, stdout } = await millrace(['bench', '--help']);
  expect(stdout).toMatch(/^Usage: millrace bench /);
  expect(code).toBe(0);
});

describe('misuse is told with what was expected, and exit code 2', () => {
  test.each([
    [['--seconds', '0'], "Expected --seconds to be a number from 0.01 to 60. Received '0'"],
    [['--seconds', 'long'], "Expected --seconds to be a number from 0.01 to 60. Received 'long'"],
    [['--repetitions', '2.5'], "Expected --repetitions to be an integer from 1 to 100. Received '2.5'"],
    [['large'], "Expected only options after bench. Received 'large'"],
    [['--sizes', '4'], "Unknown option '--sizes'"],
  ])('%j', async (args, message) => {
    expect(() => readBenchArguments(args)).toThrow(message);
    const { code, stderr } = await millrace(['bench', ...args]);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});

test('the figures are the median, the least, the most, and so many times the copying one', () => {
  const size = { label: '64 bytes', bytes: 64 };
  const lines = table(size, [
    { size, way: 'blocking', rates: [3000, 1000, 5000] },
    { size, way: 'copied', rates: [100, 300] },
  ]).split('\n');
  const cells = (line = '') => line.split(/ {2,}/);
  expect(cells(lines[1])).toEqual([
    'millrace sendSync / recvIntoSync',
    '3,000',
    '1,000 - 5,000',
    '0.192 MB/s',
    '15.0 x',
  ]);
  expect(cells(lines[2]).slice(1, 3)).toEqual(['200', '100 - 300']);
});

describe('a message that came wrong is found', () => {
  const sent = new Uint8Array(64);
  stamp(sent, 70_000);

  test('as it was sent it passes', () => {
    expect(() => check(sent, 70_000, 64)).not.toThrow();
  });

  test.each([
    ['another number', (bytes: Uint8Array) => (bytes.set([0xff], 1), bytes)],
    ['another last byte', (bytes: Uint8Array) => (bytes.set([0xff], 63), bytes)],
    ['a shorter one', (bytes: Uint8Array) => bytes.subarray(0, 63)],
  ])('%s', (_, spoil) => {
    expect(() => check(spoil(sent.slice()), 70_000, 64)).toThrow('Expected message 70000 of 64 bytes');
  });
});
