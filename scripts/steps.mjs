// One step of a script: a command run, shown or kept quiet, timed, and its outcome told.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** The folder of the repository. */
export const root = fileURLToPath(new URL('..', import.meta.url));
/** Where scripts keep what can be made again. */
export const cache = join(root, 'node_modules', '.cache', 'millrace');

/** Says what is wrong with the command line, and exits 2. */
export function misuse(message) {
  console.error(`${message}\nTry --help.`);
  process.exit(2);
}

/**
 * What the command line asks for, as `parseArgs` of node:util has it: options by name, words in `words`. Prints `help` and
 * exits 0 where that is asked for, and 2 for what is not among `options`; words are refused unless `takesWords`.
 */
export function readCommand(help, options = {}, { takesWords = false } = {}) {
  const known = { ...options, help: { type: 'boolean', short: 'h' } };
  const { values, positionals } = parsed({ options: known, allowPositionals: true });
  if (values.help) {
    console.log(help.trim());
    process.exit(0);
  }
  if (!takesWords && positionals.length > 0) misuse(`Unknown argument ${positionals[0]}`);
  return { ...values, words: positionals };
}

function parsed(config) {
  try {
    return parseArgs(config);
  } catch (error) {
    return misuse(error.message.split('. ')[0]);
  }
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
