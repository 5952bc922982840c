// One step of a script: a command run, shown or kept quiet, timed, and its outcome told.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

/** The folder of the repository. */
export const root = fileURLToPath(new URL('..', import.meta.url));
/** Where scripts keep what can be made again. */
export const cache = join(root, 'node_modules', '.cache', 'millrace');

/** Prints `text` and exits 0 when help is asked for. */
export function answerHelp(text) {
  if (!process.argv.includes('--help') && !process.argv.includes('-h')) return;
  console.log(text.trim());
  process.exit(0);
}

/** Says what is wrong with the command line, and exits 2. */
export function misuse(message) {
  console.error(`${message}\nTry --help.`);
  process.exit(2);
}

/** The options given, for a script that takes no more than `known`; answers help and refuses the rest. */
export function readOptions(help, ...known) {
  answerHelp(help);
  const args = process.argv.slice(2);
  const unknown = args.find((arg) => !known.includes(arg));
  if (unknown !== undefined) misuse(`Unknown argument ${unknown}`);
  return new Set(args);
}

/** The path of a development tool's command. */
export function tool(name) {
  return join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);
}

/**
 * Runs a command in the repository. Shows what it prints unless `quiet`, and always keeps it: all of it
 * in `output`, what went to standard output in `stdout`. Never rejects: a command that cannot be started
 * has code 127. `timeout`: after so many milliseconds it is killed.
 */
export function run(command, args, { quiet = false, env = {}, cwd = root, timeout } = {}) {
  // Windows starts .cmd files, npm among them, only through its shell.
  const shell = process.platform === 'win32' && (command === 'npm' || command.endsWith('.cmd'));
  return new Promise((resolve) => {
    const all = [];
    const out = [];
    const child = spawn(command, args, {
      cwd,
      shell,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout,
      killSignal: 'SIGKILL',
    });
    child.stdout.on('data', (chunk) => {
      out.push(chunk);
      all.push(chunk);
      if (!quiet) process.stdout.write(chunk);
    });
    child.stderr.on('data', (chunk) => {
      all.push(chunk);
      if (!quiet) process.stderr.write(chunk);
    });
    child.on('error', (error) =>
      resolve({ code: 127, output: `${command}: ${error.message}\n`, stdout: '' }),
    );
    child.on('close', (code, signal) => {
      const ending = signal === null ? '' : `${command} was ended by ${signal}\n`;
      const stdout = Buffer.concat(out).toString();
      resolve({ code: code ?? 1, output: Buffer.concat(all).toString() + ending, stdout });
    });
  });
}

/** What a command prints to standard output; its failure ends the script with code 1, having shown why. */
export async function must(command, args, options = {}) {
  const { code, output, stdout } = await run(command, args, options);
  if (code === 0) return stdout;
  if (options.quiet) process.stderr.write(output);
  process.exit(1);
}

/** As `must`, for the npm in use. */
export function mustNpm(args, options) {
  const path = process.env.npm_execpath;
  return path === undefined ? must('npm', args, options) : must(process.execPath, [path, ...args], options);
}

/** A duration for people. */
export function since(start) {
  const seconds = (performance.now() - start) / 1000;
  return seconds < 60
    ? `${seconds.toFixed(1)} s`
    : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
