// Builds what is out of date, quietly, then runs one of the package's programs with the terminal to itself.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { misuse, must, root } from './steps.mjs';

const [file, ...args] = process.argv.slice(2);
if (file === '--help' || file === '-h') {
  console.log(`Usage: node scripts/run-built.mjs FILE [ARGUMENTS]

Builds quietly, then runs FILE, a path in the repository, with Node.
Exit codes: FILE's own; 1 when the build failed, 2 wrong usage.`);
  process.exit(0);
}
if (file === undefined || file.startsWith('-')) misuse(`Expected a file, received ${file ?? 'nothing'}`);

await must(process.execPath, ['scripts/build.mjs', '--quiet']);
// Paths among the arguments are seen from where npm was called.
const cwd = process.env.INIT_CWD ?? process.cwd();
const child = spawn(process.execPath, [join(root, file), ...args], { cwd, stdio: 'inherit' });
// Ctrl-C reaches the program by itself; this process waits for its answer.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('close', (code, signal) => {
  if (signal === null) process.exit(code);
  process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
  process.kill(process.pid, signal);
});
