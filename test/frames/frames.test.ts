// The frames example as somebody at a terminal sees it: its table, its pictures, its exit codes.
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

import { readArguments } from '../../examples/frames/arguments.mjs';
import { GeneratedCamera } from '../../examples/frames/generated.mjs';
import { fullLength } from '../full-length';
import { runNode } from '../cli/millrace';
import { readPng } from './png';

const folder = mkdtempSync(join(tmpdir(), 'millrace-frames-'));
afterAll(() => rmSync(folder, { recursive: true }));

const titles = [
  'unbounded',
  'unbounded, latest()',
  'syncChannel(1), trySend',
  "bounded(1), 'drop-oldest'",
  'tripleBuffer',
];
const names = ['unbounded', 'latest', 'sync', 'drop-oldest', 'triple'];
const example = fileURLToPath(new URL('../../examples/frames/main.mjs', import.meta.url));
const frames = (...[args, ...more]: Parameters<typeof runNode>) => runNode([example, ...args], ...more);
const small = ['--size', '160x120'];
const pixelBytes = 160 * 120 * 3;

/** The figures of the table's row that begins with `title`; their order is the columns'. */
function row(stdout: string, title: string): number[] {
  const line = stdout.split('\n').find((line) => line.startsWith(`${title}  `) && !line.includes('%'));
  const cells = line?.slice(title.length).trim().split(/ {2,}/) ?? [];
  return cells.map((cell) => parseFloat(cell));
}

/** The table's rows by title; each frame that was made has to be in it once. */
function readTable(stdout: string) {
  return new Map(
    titles.map((title) => {
      const figures = row(stdout, title);
      expect(figures, `${title} in:\n${stdout}`).toHaveLength(9);
      const [made, processed, dropped, left, p50, p99, max, queued, memory] = figures as [number] & number[];
      expect(made, title).toBe((processed as number) + (dropped as number) + (left as number));
      return [title, { made, processed, dropped, left, p50, p99, max, queued, memory }];
    }),
  );
}

type Table = ReturnType<typeof readTable>;

/** What holds of each run, however busy the machine is. */
function expectWhole(table: Table): void {
  const naive = table.get('unbounded');
  expect(naive?.dropped).toBe(0);
  expect(naive?.left).toBeGreaterThan(0);
  for (const [title, { dropped, processed, p50, p99, max, memory }] of table) {
    expect(processed, title).toBeGreaterThan(0);
    expect(p99, title).toBeGreaterThanOrEqual(p50 as number);
    expect(max, title).toBeGreaterThanOrEqual(p99 as number);
    expect(memory, title).toBeGreaterThan(0);
    if (title !== 'unbounded') expect(dropped, title).toBeGreaterThan(0);
  }
}

/** The ages that are not as promised: frames get old in the naive form, and are young in all others, up to the oldest of all. */
function unboundedAges(table: Table): string[] {
  const naive = table.get('unbounded')!;
  const most = { p50: 5, p99: 3, max: 3 };
  return [...table].flatMap(([title, form]) =>
    Object.entries(most)
      .filter(([which, factor]) => {
        const age = which as keyof typeof most;
        return title !== 'unbounded' && !((naive[age] as number) > factor * (form[age] as number));
      })
      .map(([which]) => `${title}: ${which}`),
  );
}

/** Of three runs at most one whose ages are as promised: a thread that the machine leaves out for a while adds that to the ages of one. */
async function expectBoundedAges(run: () => Promise<Table>): Promise<void> {
  let wrong = [''];
  for (let runs = 0; runs < 3 && wrong.length > 0; runs += 1) {
    const table = await run();
    expectWhole(table);
    wrong = unboundedAges(table);
  }
  expect(wrong).toEqual([]);
}

describe('the table', () => {
  test('frames get old in a queue without a bound, and stay young in all other forms', async () => {
    // Ten frames are made in the time that one takes. All waits of the run stretch alike on a slow machine,
    // so that ages are compared with each other, and by a factor that leaves room.
    const options = ['--source', 'generated', '--rate', '500', '--work', '20', '--seconds', '2'];
    await expectBoundedAges(async () => {
      const { code, stdout, stderr } = await frames([...small, ...options]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(
        /^160x120x3, .* 500 frames\/s \(generated\); the consumer takes 20 ms a frame; 2 s/,
      );
      expect(stdout, 'plain lines, because it is piped').not.toContain('\r');
      expect(stdout).toMatch(
        /^ +made +processed +dropped +left +age p50 +p99 +max +peak queued +peak memory$/m,
      );
      expect(stdout).toMatch(/A queue without a bound keeps every frame/);
      return readTable(stdout);
    });
  });

  test('a form runs for 3 s unless asked otherwise', async () => {
    expect(readArguments([])).toMatchObject({ seconds: 3, width: 1280, height: 720 });
    const { code, stdout } = await frames(['--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/--seconds S +how long each form runs, .*\(default 3\)/);
  });

  test.runIf(fullLength(true, false))('says the same of a run that nothing was asked of', async () => {
    await expectBoundedAges(async () => {
      const { code, stdout, stderr } = await frames([]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^1280x720x3, .*; 3 s a form$/m);
      return readTable(stdout);
    });
  });

  test('a form ends before its time when too much is queued', async () => {
    const options = ['--source', 'generated', '--rate', '500', '--work', '50', '--seconds', '2'];
    const { code, stdout, stderr } = await frames([...small, ...options, '--memory', '1']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('\nunbounded was stopped early: 1.0 MB were queued (--memory).\n');
    const naive = readTable(stdout).get('unbounded');
    expect(naive?.queued).toBeGreaterThanOrEqual(1);
    expect(naive?.queued).toBeLessThan(1.2);
    expect(stdout).not.toContain('tripleBuffer was stopped');
  });

  test('a consumer that keeps up is told so, and needs no pause', async () => {
    // Two beats in this time at the most, so that never two frames are left.
    const options = ['--source', 'generated', '--rate', '4', '--work', '0', '--seconds', '0.6'];
    const { code, stdout, stderr } = await frames([...small, ...options]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    readTable(stdout);
    expect(stdout).toContain('The consumer kept up');
  });
});

describe('--save', () => {
  test('writes what the consumer saw: every form’s frames, each whole and the one that its name says', async () => {
    const pictures = join(folder, 'made', 'on the way');
    const options = ['--source', 'generated', '--rate', '100', '--work', '20', '--seconds', '1'];
    const saving = ['--save', pictures, '--save-limit', '3'];
    const { code, stdout, stderr } = await frames([...small, ...options, ...saving]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const files = readdirSync(pictures);
    expect(stdout).toContain(`${files.length} pictures of what the consumer saw are in ${pictures}.`);
    const camera = new GeneratedCamera({ width: 160, height: 120 });
    const expected = new Uint8Array(pixelBytes);
    for (const name of names) {
      const mine = files.filter((file) => file.startsWith(`${name}-`));
      expect(mine.length, name).toBeGreaterThan(0);
      expect(mine.length, name).toBeLessThanOrEqual(3);
      for (const file of mine) {
        expect(file).toMatch(/-\d{6}-\d+ms\.png$/);
        await camera.paint(expected, sequenceOf(file));
        const { width, height, pixels } = readPng(readFileSync(join(pictures, file)));
        expect({ width, height }).toEqual({ width: 160, height: 120 });
        expect(Buffer.compare(pixels, expected), file).toBe(0);
      }
    }
  });
});

function sequenceOf(file: string): number {
  return Number(/-(\d{6})-/.exec(file)?.[1]);
}

// A script stands in for ffmpeg, which a test machine need not have.
describe.skipIf(process.platform === 'win32')('ffmpeg', () => {
  const quick = [...small, '--rate', '100', '--work', '20', '--seconds', '1'];

  /** A folder for the PATH with an `ffmpeg` that runs `script`. */
  function pathWith(script: string): NodeJS.ProcessEnv {
    const bin = mkdtempSync(join(folder, 'bin-'));
    const version = "if (process.argv[2] === '-version') process.exit(0);";
    const lines = [`#!${process.execPath}`, version, script].join('\n');
    writeFileSync(join(bin, 'ffmpeg'), lines, { mode: 0o755 });
    return { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH']}` };
  }

  test('its frames arrive in order and whole, and it is ended each time', async () => {
    const pictures = join(folder, 'filmed');
    const pids = join(folder, 'pids');
    // Each frame is of one byte, one more than the last; pieces end where no frame does.
    const env = pathWith(`
      require('node:fs').appendFileSync(${JSON.stringify(pids)}, process.pid + ' ');
      const frames = Buffer.alloc(256 * ${pixelBytes});
      for (let n = 0; n < 256; n++) frames.fill(n, n * ${pixelBytes}, (n + 1) * ${pixelBytes});
      let at = 0;
      function write() {
        for (;;) {
          const piece = frames.subarray(at, at + 40009);
          at = (at + piece.length) % frames.length;
          if (!process.stdout.write(piece)) return process.stdout.once('drain', write);
        }
      }
      // That nobody reads any more does not end it; a kill does.
      process.stdout.on('error', () => {});
      setTimeout(() => process.exit(), 120_000);
      write();
    `);
    const { code, stdout, stderr } = await frames([...quick, '--save', pictures], undefined, env);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('(ffmpeg)');
    readTable(stdout);
    const files = readdirSync(pictures);
    for (const name of names) expect(files.some((file) => file.startsWith(name))).toBe(true);
    for (const file of files) {
      const { pixels } = readPng(readFileSync(join(pictures, file)));
      // The first one is not shown.
      const expected = new Uint8Array(pixelBytes).fill(sequenceOf(file) + 1);
      expect(Buffer.compare(pixels, expected), file).toBe(0);
    }
    const started = readFileSync(pids, 'utf8').trim().split(' ').map(Number);
    expect(started).toHaveLength(names.length);
    for (const pid of started) expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
  });

  test('that fails is a failure, in its own words', async () => {
    const env = pathWith("console.error('no such filter'); process.exitCode = 8;");
    const { code, stderr } = await frames(quick, undefined, env);
    expect(stderr).toBe('frames: The camera: Error: ffmpeg ended before its time: no such filter\n');
    expect(code).toBe(1);
  });

  test('that is not there is not missed, unless it was asked for', async () => {
    const env = { ...process.env, PATH: folder };
    const { code, stdout } = await frames([...quick, '--seconds', '0.2'], undefined, env);
    expect(code).toBe(0);
    expect(stdout).toContain('(generated)');
    const asked = await frames([...quick, '--source', 'ffmpeg'], undefined, env);
    expect(asked.stderr).toContain('Expected ffmpeg on the PATH');
    expect({ code: asked.code, stdout: asked.stdout }).toEqual({ code: 2, stdout: '' });
  });
});

describe('Ctrl-C ends the run cleanly', () => {
  test.each([
    ['while the consumer is busy for a minute', ['--work', '60000']],
    ['while both wait', ['--rate', '0.1']],
  ])('%s', async (_name, options) => {
    let interrupted = false;
    const args = [...small, '--source', 'generated', '--seconds', '6', ...options];
    const { code, signal, stdout, stderr } = await frames(args, (seen, child) => {
      if (interrupted || !/^unbounded +\d+ %$/m.test(seen)) return;
      interrupted = true;
      child.kill('SIGINT');
    });
    expect({ code, signal, stderr }).toEqual({ code: 130, signal: null, stderr: '' });
    expect(stdout).toMatch(/\nInterrupted: .*\n$/);
    expect(stdout).not.toContain('latest()');
  });
});

describe('used wrongly', () => {
  test.each([
    ['a size that is none', ['--size', '4k'], /--size to be 720p, 1080p or WIDTHxHEIGHT, .* Received '4k'/],
    ['a size too large', ['--size', '3841x100'], /16x16 to 3840x2160. Received '3841x100'/],
    ['no rate', ['--rate', '0'], /--rate to be a number from 0.1 to 1000. Received '0'/],
    ['work in words', ['--work', '5ms'], /--work to be a number from 0 to 60000. Received '5ms'/],
    ['no time', ['--seconds', '0'], /--seconds to be a number from 0.1 to 3600. Received '0'/],
    ['another source', ['--source', 'webcam'], /--source to be ffmpeg or generated. Received 'webcam'/],
    ['half a megabyte', ['--memory', '0.5'], /--memory to be an integer from 1 to 1000000. Received '0.5'/],
    ['no room for four frames', ['--memory', '11'], /--memory to be at least 12, four frames .* '11'/],
    [
      'a folder that cannot be',
      ['--save', join(fileURLToPath(import.meta.url), 'x')],
      /--save to name a folder that can be made/,
    ],
    ['a limit without a folder', ['--save-limit', '3'], /--save DIR beside --save-limit. Received none/],
    ['no pictures', ['--save', folder, '--save-limit', '0'], /--save-limit to be an integer from 1 to 1000/],
    ['a path', ['./frames'], /only options. Received '.\/frames'/],
    ['an option of the demo', ['--workers', '2'], /'--workers'. Expected options: --size, --rate/],
  ])('%s: exit code 2, and a message', async (_name, args, message) => {
    const { code, stdout, stderr } = await frames(args);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  test('--help is answered with the options and exit codes', async () => {
    const { code, stdout, stderr } = await frames(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const word of ['--size', '--rate', '--work', '--seconds', '--source', '--save', 'Exit codes']) {
      expect(stdout).toContain(word);
    }
  });
});
