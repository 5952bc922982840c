// On what the run was made: machine, versions, commit, date.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, platform, release, totalmem } from 'node:os';

export function describeMachine() {
  const [cpu] = cpus();
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const load = loadavg()[0].toFixed(2);
  return {
    Date: new Date().toISOString().slice(0, 16).replace('T', ' ') + ' UTC',
    Commit: commit(),
    Versions: `millrace ${version}, Node ${process.versions.node}, V8 ${process.versions.v8}`,
    Machine: `${cpu?.model.trim() ?? process.arch}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${platform()} ${release()}`,
    'Load at the start': load,
  };
}

function commit() {
  const git = (...args) =>
    execFileSync('git', args, { cwd: new URL('..', import.meta.url), encoding: 'utf8' }).trim();
  try {
    const changed = git('status', '--porcelain') === '' ? '' : ', with changes';
    return `${git('rev-parse', '--short', 'HEAD')}${changed}`;
  } catch {
    return 'unknown';
  }
}
