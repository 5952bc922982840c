// millrace/console: what it serves, to whom, and that it costs nothing while nobody looks.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

import parsePrometheus from 'parse-prometheus-text-format';
import { bounded } from 'millrace';
import { serveConsole } from 'millrace/console';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { isTrustedHost } from '../../dist/console/hosts.js';
import { type Served, eventually, serve } from './served';

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served[Symbol.dispose]());

const named = async (label: string) => (await served.snapshot()).find((channel) => channel.label === label);

describe('/snapshot.json', () => {
  test('has every channel with its figures and who holds its ends', async () => {
    expect(await named('full')).toMatchObject({
      flavor: 'bounded',
      capacity: 4,
      length: 4,
      full: true,
      waitingSenders: 1,
      ends: [
        { side: 'sender', thread: 0 },
        { side: 'receiver', thread: 0 },
      ],
    });
    expect(await named('busy "quoted" \\')).toMatchObject({ flavor: 'unbounded', capacity: null });
    const shared = await eventually(
      () => named('to a worker'),
      (channel) => channel?.ends[1]?.thread !== -1,
    );
    expect(shared?.ends[1]?.thread).toBeGreaterThan(0);
  });

  test('says what stands still, and puts it first', async () => {
    const channels = await eventually(
      served.snapshot,
      (all) => all.filter(({ stalled }) => stalled).length === 2,
    );
    expect(
      channels
        .slice(0, 2)
        .map(({ label }) => label)
        .sort(),
    ).toEqual(['forgotten sender', 'full']);
    expect(channels[0]?.stillMs).toBeGreaterThanOrEqual(5000);
  });

  test('says how long messages wait where the channel keeps it, and nothing where it does not', async () => {
    const [full, forgotten] = [await named('full'), await named('forgotten sender')];
    expect(full?.oldest).toBeGreaterThan(0);
    expect(full).toMatchObject({ waits: 0, waitP50: 0 });
    expect(forgotten).toMatchObject({
      oldest: null,
      waits: null,
      waitP50: null,
      waitP99: null,
      waitTotal: null,
    });
    const busy = await eventually(
      () => named('busy "quoted" \\'),
      (channel) => (channel?.waits ?? 0) > 10,
    );
    expect(busy?.waitP50).toBeGreaterThan(0);
    expect(busy?.waitTotal).toBeGreaterThan(0);
  });

  test('follows rates', async () => {
    const busy = await eventually(
      () => named('busy "quoted" \\'),
      (channel) => (channel?.outRate ?? 0) > 10,
    );
    expect(busy?.inRate).toBeGreaterThan(10);
  });
});

test('/metrics is OpenMetrics, with the same figures', async () => {
  const answer = await fetch(`${served.url}metrics`);
  expect(answer.headers.get('content-type')).toMatch(/^application\/openmetrics-text/);
  const text = await answer.text();
  expect(text.endsWith('# EOF\n')).toBe(true);
  const families = parsePrometheus(text.replace('# EOF\n', ''));
  const of = (name: string, label: string) =>
    families
      .find((family) => family.name === name || family.name === name.replace(/_total$/, ''))
      ?.metrics.find(({ labels }) => labels?.['label'] === label)?.value;
  expect(of('millrace_length', 'full')).toBe('4');
  expect(of('millrace_waiting_senders', 'full')).toBe('1');
  expect(Number(of('millrace_oldest_seconds', 'full'))).toBeGreaterThan(0);
  expect(of('millrace_oldest_seconds', 'forgotten sender')).toBeUndefined();
  expect(of('millrace_wait_seconds_count', 'forgotten sender')).toBeUndefined();
  expect(families.find(({ name }) => name === 'millrace_wait_seconds')?.type).toBe('SUMMARY');
  // The parser takes all summaries of a family for one.
  const ofFull = [...text.matchAll(/^(millrace_wait_seconds\w*)\{.*label="full"(,.*)?\} (.*)$/gm)];
  expect(ofFull.map(([, name, quantile, value]) => [name, quantile, value])).toEqual([
    ['millrace_wait_seconds', ',quantile="0.5"', '0'],
    ['millrace_wait_seconds', ',quantile="0.99"', '0'],
    ['millrace_wait_seconds_sum', undefined, '0'],
    ['millrace_wait_seconds_count', undefined, '0'],
  ]);
  expect(text).toMatch(/^millrace_sent_total\{.*label="full"\} 4$/m);
  expect(text).toMatch(/^millrace_capacity\{.*label="busy \\"quoted\\" \\\\"\} \+Inf$/m);
});

/** A request as nobody's library would send it. */
function ask(path: string, options: { method?: string; headers?: Record<string, string> } = {}) {
  const { port } = new URL(served.url);
  return new Promise<number>((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, ...options }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.on('error', reject).end();
  });
}

describe('what is not for others', () => {
  test.each(['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example:80', 'a b'])(
    'a Host of %j is refused',
    async (host) => {
      expect([400, 421]).toContain(await ask('/', { headers: { host } }));
    },
  );
  test.each(['localhost', 'LOCALHOST:1', '127.0.0.1:9', '[::1]:80', '10.0.0.1'])(
    'a Host of %j is its own',
    (host) => {
      expect(isTrustedHost(host, '127.0.0.1')).toBe(true);
    },
  );
  test('a name is served where it was asked to listen', () => {
    expect(isTrustedHost('box.local:80', 'box.local')).toBe(true);
    expect(isTrustedHost(undefined, 'box.local')).toBe(false);
  });
  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is refused', async (method) => {
    expect(await ask('/', { method })).toBe(405);
  });
  test.each([
    '/../package.json',
    '/page/../server.js',
    '/%2e%2e/x',
    '/channel/-1.json',
    '/__proto__',
    '/constructor',
  ])('%s is no page', async (path) => {
    expect(await ask(path)).toBe(404);
  });
  test('pages allow nothing from elsewhere, and no other page around them', async () => {
    const answer = await fetch(served.url);
    const policy = answer.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(await answer.text()).not.toMatch(/https?:\/\/|style=|<script>|onclick/);
  });
});

/** Opens the stream of what changes; nothing where the connection is closed at once. A library might ask again by itself. */
function opened(signal: AbortSignal): Promise<IncomingMessage | undefined> {
  const { port } = new URL(served.url);
  return new Promise((resolve) => {
    request({ host: '127.0.0.1', port, path: '/events', agent: false, signal }, (answer) => {
      resolve(answer.setEncoding('utf8').on('error', () => {}));
    })
      .on('error', () => resolve(undefined))
      .end();
  });
}

test('a thousand streams are refused or bounded, and those that are open are told what changes', async () => {
  const stop = new AbortController();
  const answers = await Promise.all(Array.from({ length: 1000 }, () => opened(stop.signal)));
  const open = answers.filter((answer) => answer?.statusCode === 200);
  expect(open).toHaveLength(16);
  let text = '';
  for await (const piece of open[0]!) {
    text += String(piece);
    if (text.includes('"label":"full"')) break;
  }
  expect(text).toContain('event: hello');
  expect(await named('full')).toBeDefined();
  stop.abort();
});

test('it is served in a thread of its own, keeps no process alive, and closes', async () => {
  const live = await serveConsole({ port: 0 });
  const [tx, rx] = bounded(1, { label: 'mine' });
  expect(await (await fetch(`${live.url}snapshot.json`)).text()).toContain('"label":"mine"');
  await expect(serveConsole({ port: live.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await live.close();
  await live.close();
  await expect(fetch(live.url)).rejects.toThrow();
  tx.close();
  rx.close();
  const program = "require('millrace/console').serveConsole().then(({ url }) => console.log(url))";
  expect(execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' })).toMatch(
    /^http:\/\/127\.0\.0\.1:\d+\/\n$/,
  );
});

test('it answers while the main thread is blocked', () => {
  const program = `
    const { bounded } = require('millrace');
    const { Worker } = require('node:worker_threads');
    require('millrace/console').serveConsole().then(({ url }) => {
      const [tx, rx] = bounded(1, { label: 'blocked on' });
      const asks = 'const [url, ticket] = require("node:worker_threads").workerData;' +
        'const tx = require("millrace").attach(ticket);' +
        'fetch(url + "snapshot.json").then((answer) => answer.text()).then((text) => {' +
        'require("node:fs").writeSync(1, String(text.includes("blocked on"))); tx.close(); });';
      new Worker(asks, { eval: true, workerData: [url, require('millrace').transfer(tx)] });
      // Until the worker has its answer.
      try { rx.recvSync(); } catch {}
      process.exit();
    });`;
  expect(execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' })).toBe('true');
});

test.each([
  [{ port: -1 }],
  [{ port: 65_536 }],
  [{ port: 1.5 }],
  [{ port: '80' }],
  [{ host: 1 }],
  [{ hosts: 'x' }],
  [null],
])('options of %j are refused', async (options) => {
  await expect(serveConsole(options as never)).rejects.toMatchObject({
    code: expect.stringMatching(/^ERR_/),
  });
});

describe('MILLRACE_CONSOLE', () => {
  /** What a program that lives on and uses a channel says first. */
  async function said(MILLRACE_CONSOLE: string): Promise<string> {
    const program = "require('millrace').bounded(1); setInterval(() => {}, 1000)";
    const child = spawn(process.execPath, ['-e', program], {
      env: { ...process.env, MILLRACE_CONSOLE },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    for await (const line of createInterface({ input: child.stderr })) {
      child.kill('SIGKILL');
      return line;
    }
    return '';
  }
  test('serves without a line of code, and says where', async () => {
    expect(await said('0')).toMatch(/^millrace console: http:\/\/127\.0\.0\.1:\d+\/$/);
  });
  test('says why it does not', async () => {
    expect(await said('nine')).toContain('not served on MILLRACE_CONSOLE=nine');
  });
});

describe('millrace top', () => {
  const cli = (...args: string[]) =>
    promisify(execFile)(process.execPath, ['dist/cli/main.js', 'top', ...args]);
  test('shows the table, what stands still first', async () => {
    await eventually(served.snapshot, (all) => all.filter(({ stalled }) => stalled).length === 2);
    const { stdout } = await cli(served.url, '--once');
    expect(stdout).toMatch(/^process \d+: 4 channels, 2 stand still\nchannel +flavor/);
    expect(stdout.split('\n')[2]).toMatch(/^(full|forgotten sender) /);
    expect(stdout.split('\n').find((line) => line.startsWith('full'))).toMatch(/ \d+(\.\d\d)? ms +0\.00 ms /);
  });
  test('answers --help, and says what is wrong', async () => {
    expect((await cli('--help')).stdout).toContain('Usage: millrace top URL');
    await expect(cli()).rejects.toMatchObject({ code: 2 });
    await expect(cli('nowhere')).rejects.toMatchObject({ code: 2 });
    await expect(cli(served.url, '--every', 'x')).rejects.toMatchObject({ code: 2 });
    await expect(cli('http://127.0.0.1:1/')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('cannot be reached'),
    });
  });
});
