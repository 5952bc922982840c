// npm, and commands in its neighbourhood, without what this process was given by the npm that started it.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export interface Surroundings {
  [name: string]: string;
}

function plain(more: Surroundings): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|MILLRACE_|NODE_OPTIONS)/i.test(name));
  const quiet = { npm_config_audit: 'false', npm_config_fund: 'false', npm_config_update_notifier: 'false' };
  return { ...Object.fromEntries(kept), ...quiet, ...more };
}

/** Runs npm; answers what it prints. */
export async function npm(args: string[], cwd: string, more: Surroundings = {}): Promise<string> {
  const path = process.env['npm_execpath'];
  const [command, first] = path === undefined ? ['npm', []] : [process.execPath, [path]];
  const shell = path === undefined && process.platform === 'win32';
  return (await execute(command, [...first, ...args], { cwd, shell, env: plain(more) })).stdout;
}

/** A line as somebody types it, perhaps another user than this one; answers what it prints. */
export async function shell(
  line: string,
  cwd: string,
  more: Surroundings = {},
  uid?: number,
): Promise<string> {
  const who = uid === undefined ? {} : { uid, gid: uid };
  const [command, option] = process.platform === 'win32' ? ['cmd', '/c'] : ['sh', '-c'];
  const { stdout } = await execute(command, [option, line], { cwd, env: plain(more), ...who });
  return stdout;
}
