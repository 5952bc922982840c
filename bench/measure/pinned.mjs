// A process that may use one core only, where the system's `taskset` can do that.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The first core that this process may use, if it can give a process one core. */
const core = firstCore();

export const canPin = core !== undefined && spawnSync('taskset', ['--version']).status === 0;

/** As `fork` of a module with one argument, on one core. */
export function pinned(module, argument) {
  const command = ['--cpu-list', core, process.execPath, module, argument];
  return spawn('taskset', command, {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
}

function firstCore() {
  try {
    const [, list] = /^Cpus_allowed_list:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return list;
  } catch {
    return undefined;
  }
}
