// `millrace demo` as somebody at a terminal sees it: what it prints, what it proves, and its exit codes.
import { createHash, randomFillSync } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { millrace } from './millrace';

const folder = mkdtempSync(join(tmpdir(), 'millrace-demo-'));
const large = join(folder, 'large');
const small = join(folder, 'small');
const empty = join(folder, 'empty');
/** Not a multiple of any chunk: the last one is shorter. */
const largeBytes = 100_000_123;
const smallBytes = 3_000_001;
const posted = ['postMessage, buffers sent back', 'postMessage, a new buffer each'];
let largeDigest = '';
let smallDigest = '';

beforeAll(() => {
  largeDigest = writeRandom(large, largeBytes);
  smallDigest = writeRandom(small, smallBytes);
  writeFileSync(empty, '');
});
afterAll(() => rmSync(folder, { recursive: true }));

function writeRandom(path: string, length: number): string {
  const hash = createHash('sha256');
  const block = new Uint8Array(1_000_000);
  const file = openSync(path, 'w');
  for (let rest = length; rest > 0; rest -= block.length) {
    const part = block.subarray(0, Math.min(rest, block.length));
    hash.update(randomFillSync(part));
    writeSync(file, part);
  }
  closeSync(file);
  return hash.digest('hex');
}

describe('a file handed through', () => {
  test('100 MB come back whole, beside the same with postMessage', async () => {
    const { code, stdout, stderr } = await millrace(['demo', large, '--rounds', '1']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain(`${largeBytes} bytes in 96 chunks`);
    expect(stdout).toContain(`sha256 ${largeDigest}`);
    expect(stdout).toMatch(/^ +throughput +handing over +CPU +peak queued +peak memory$/m);
    const figures = ['MB/s', 'ms', 's', 'MB', 'MB']
      .map((unit) => String.raw` +(?!0\.0+ )\d+\.\d+ ${unit}`)
      .join('');
    for (const way of ['millrace, in place', 'millrace, moved', ...posted]) {
      expect(stdout).toMatch(new RegExp(`^${way}${figures}$`, 'm'));
    }
    expect(stdout).toMatch(/^millrace, in place: sendRef .*\nbecause /m);
    expect(stdout).toMatch(/^millrace, moved: alloc, .*\nbecause /m);
    for (const way of ['in place', 'moved']) {
      const spread = String.raw`\(\d+\.\d\d to \d+\.\d\d\)`;
      const comparison = String.raw`^millrace, ${way}: \d+\.\d\d x the throughput of the better postMessage ${spread}`;
      expect(stdout).toMatch(new RegExp(comparison, 'm'));
    }
    expect(stdout, 'plain lines, because it is piped').not.toContain('\r');
    expect(stdout).toMatch(/^millrace, in place +100 %$/m);
  });

  test('without a path it is the Node executable that comes back whole', async () => {
    const { code, stdout, stderr } = await millrace(['demo', '--rounds', '1']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const digest = createHash('sha256').update(readFileSync(process.execPath)).digest('hex');
    expect(stdout).toContain(`sha256 ${digest}`);
  });

  test.each([
    ['one chunk at a time', ['--workers', '1', '--capacity', '1', '--chunk', '65536']],
    ['more workers than cores', ['--workers', '4', '--capacity', '3', '--chunk', '5000']],
    ['more workers than chunks', ['--workers', '4', '--chunk', '2000000']],
    ['one chunk for all', ['--chunk', '4000000']],
    ['compressed', ['--job', 'gzip', '--workers', '2', '--chunk', '100000']],
  ])('a small file comes back whole: %s', async (_name, options) => {
    const { code, stdout, stderr } = await millrace(['demo', small, ...options]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain(`sha256 ${smallDigest}`);
  });

  test.each([
    ['refs', 'hash'],
    ['refs', 'gzip'],
    ['transfer', 'hash'],
    ['transfer', 'gzip'],
    ['plain', 'hash'],
    ['plain', 'gzip'],
    ['plain,refs', 'hash'],
  ])('a small file comes back whole by other verbs: %s (%s)', async (verbs, job) => {
    const options = ['--verbs', verbs, '--job', job, '--workers', '2', '--chunk', '100000'];
    const { code, stdout, stderr } = await millrace(['demo', small, ...options]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain(`sha256 ${smallDigest}`);
    expect(stdout.match(/^millrace, .* 100 %$/gm)).toHaveLength(verbs.split(',').length);
  });

  test('the file goes through as often as is asked for, in turn, beside a first time', async () => {
    const { code, stdout, stderr } = await millrace(['demo', small, '--rounds', '3', '--chunk', '500000']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^warm, in turn +100 %$/m);
    expect(stdout).toContain('3 times in turn after one that does not count; medians');
    expect(stdout).toContain(`sha256 ${smallDigest}`);
  });

  test.each(['hash', 'gzip'])('an empty file is a file (%s)', async (job) => {
    const { code, stdout, stderr } = await millrace(['demo', empty, '--job', job, '--workers', '2']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('0 bytes in 0 chunks');
    expect(stdout).not.toMatch(/NaN|Infinity/);
    expect(stdout).toContain(createHash('sha256').digest('hex'));
  });
});

describe('what comes back is not what was sent', () => {
  test('a file that changes after it was read first: exit code 1, and what differs', async () => {
    const changing = join(folder, 'changing');
    writeRandom(changing, 8_000_000);
    let changed = false;
    // Compressing by one worker takes longer than hearing of it.
    const slowly = ['--job', 'gzip', '--workers', '1'];
    const { code, stdout, stderr } = await millrace(['demo', changing, ...slowly], (seen) => {
      if (changed || !/^millrace, in place +\d+ %$/m.test(seen)) return;
      changed = true;
      const file = openSync(changing, 'r+');
      writeSync(file, new Uint8Array(1000), 0, 1000, 7_900_000);
      closeSync(file);
    });
    expect(code).toBe(1);
    expect(stdout).not.toContain('Proved');
    expect(stderr).toMatch(/^What came back is not what was sent\.\n/);
    // The second way at the latest reads the file when it has changed.
    const fact = 'postMessage, .*: Digest of the bytes: expected [0-9a-f]{64}, received [0-9a-f]{64}';
    expect(stderr).toMatch(new RegExp(`^${fact}$`, 'm'));
  });
});

describe('Ctrl-C', () => {
  test.each(['millrace, in place', 'millrace, moved', ...posted, 'warm, in turn'])(
    'ends the run over %s cleanly',
    async (way) => {
      let interrupted = false;
      const { code, signal, stdout, stderr } = await millrace(
        // One worker, so that there is time left on a busy machine, too.
        ['demo', large, '--job', 'gzip', '--workers', '1', '--rounds', '1'],
        (seen, child) => {
          if (interrupted || !new RegExp(`^${way} +[2-9]\\d %$`, 'm').test(seen)) return;
          interrupted = true;
          child.kill('SIGINT');
        },
      );
      expect({ code, signal, stderr }).toEqual({ code: 130, signal: null, stderr: '' });
      expect(stdout).toMatch(/\nInterrupted: .*\n$/);
      expect(stdout).not.toContain('Proved');
    },
  );
});

describe('used wrongly', () => {
  test.each([
    [
      'a missing path',
      ['demo', join(folder, 'missing')],
      /file that can be read. Received '.*missing': ENOENT/,
    ],
    ['a directory', ['demo', folder], /regular file. Received a directory: /],
    ['two paths', ['demo', small, large], /one PATH. Received '.*large' beside '.*small'/],
    ['an unknown option', ['demo', '--frob'], /'--frob'. Expected options: --job, --verbs, --workers/],
    ['an option without its value', ['demo', '--chunk'], /'--chunk <value>' argument missing/],
    ['a job that is none', ['demo', '--job', 'sort'], /--job to be hash or gzip. Received 'sort'/],
    [
      'verbs that are none',
      ['demo', '--verbs', 'refs,magic'],
      /--verbs to be among blocking, refs, .*Received 'magic'/,
    ],
    ['no workers', ['demo', '--workers', '0'], /--workers to be an integer from 1 to 256. Received '0'/],
    ['half a capacity', ['demo', '--capacity', '1.5'], /--capacity to be an integer from 1 to .* '1.5'/],
    ['no rounds', ['demo', '--rounds', '0'], /--rounds to be an integer from 1 to 1000. Received '0'/],
    ['a chunk in words', ['demo', '--chunk', '64k'], /--chunk to be an integer from 1 to .* '64k'/],
    ['no command', [], /a command: demo, bench or doctor. Received none/],
    ['an unknown command', ['run'], /a command: demo, bench or doctor. Received 'run'/],
  ])('%s: exit code 2, and a message', async (_name, args, message) => {
    const { code, stdout, stderr } = await millrace(args);
    expect(stderr).toMatch(message);
    expect(stderr).toContain('millrace --help');
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  test.each([[['--help']], [['-h']], [['demo', '--help']]])(
    '%s is answered with the options and exit codes',
    async (args) => {
      const { code, stdout, stderr } = await millrace(args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      for (const word of [
        '--job',
        '--verbs',
        '--workers',
        '--chunk',
        '--capacity',
        '--rounds',
        'Exit codes',
        '130',
      ]) {
        expect(stdout).toContain(word);
      }
    },
  );

  test('--version is the package’s', async () => {
    const { code, stdout } = await millrace(['--version']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\S*\n$/);
  });
});
