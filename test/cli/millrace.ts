// Runs the command line as somebody at a terminal does.
import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

type Watch = (stdout: string, child: ChildProcess) => void;

/** Runs the program; `watch` sees its standard output grow. */
export function millrace(
  args: string[],
  watch?: Watch,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Ended> {
  return runNode([program, ...args], watch, env);
}

/** As `millrace`, of another program. */
export function runNode(args: string[], watch?: Watch, env: NodeJS.ProcessEnv = process.env): Promise<Ended> {
  return endOf(spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] }), watch);
}

/** Runs a script of package.json, as `npm run` does. */
export function npmRun(script: string, args: string[]): Promise<Ended> {
  const npm = process.env['npm_execpath'];
  const [command, first] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
  const shell = npm === undefined && process.platform === 'win32';
  // Without what the npm that started the tests has set for them.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  return endOf(
    spawn(command, [...first, 'run', script, '--', ...args], {
      cwd: root,
      env,
      shell,
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
}

async function endOf(child: ChildProcessByStdio<null, Readable, Readable>, watch?: Watch): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    watch?.(stdout, child);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, stdout, stderr };
}
