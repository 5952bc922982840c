// Every export of the addon called with random and hostile arguments: no abort, no hang, and, under AddressSanitizer,
// nothing read or written astray.
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const help = `Usage: npm run fuzz:border [-- --calls N] [--seed N]

Calls every export of the native part with random and hostile arguments.
  --calls   how many calls, 1,000,000 by default
  --seed    repeats a run; printed by each

MILLRACE_FUZZ_LOG=FILE writes each call to FILE before it is made.
Exit codes: 0 nothing found, 1 the process aborted or stood still, 2 wrong usage.`;

/** No progress for so many milliseconds is a hang. */
const patience = 120_000;

const { calls, seed } = read();
console.log(`fuzz:border: ${calls} calls, --seed ${seed}`);
const thread = fileURLToPath(new URL('thread.cjs', import.meta.url));
const child = spawn(process.execPath, ['--expose-gc', thread, String(seed), String(calls)], {
  stdio: ['ignore', 'pipe', 'pipe'],
});
let made = 0;
let errors = '';
let stuck = false;
const watch = () =>
  setTimeout(() => {
    stuck = true;
    child.kill('SIGKILL');
  }, patience);
let timer = watch();
child.stdout.setEncoding('utf8').on('data', (text) => {
  made = Number(text.trim().split('\n').at(-1));
  clearTimeout(timer);
  timer = watch();
});
// The last words are the ones that count: what is open is told again and again.
child.stderr.setEncoding('utf8').on('data', (text) => {
  errors = (errors + text).slice(-100_000);
});
const [code, signal] = await new Promise((resolve) => child.on('close', (...ended) => resolve(ended)));
clearTimeout(timer);
if (code === 0 && made >= calls) {
  console.log(`fuzz:border: ${made} calls, nothing found`);
  process.exit(0);
}
const how = stuck ? `stood still for ${patience / 1000} s` : `ended with code ${code}, signal ${signal}`;
const report = errors.includes('ERROR: ')
  ? errors.slice(errors.lastIndexOf('=====', errors.indexOf('ERROR: ')))
  : errors.slice(-3000);
console.error(`fuzz:border: the process ${how} after ${made} calls of seed ${seed}\n${report}`);
process.exit(1);

function read() {
  try {
    const options = {
      calls: { type: 'string' },
      seed: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    };
    const { values } = parseArgs({ options });
    if (values.help) {
      console.log(help);
      process.exit(0);
    }
    const calls = Number(values.calls ?? 1_000_000);
    const seed = Number(values.seed ?? randomInt(2 ** 31));
    if (!Number.isInteger(calls) || calls < 1 || !Number.isInteger(seed) || seed < 0)
      throw new Error('Expected whole numbers');
    return { calls, seed };
  } catch (error) {
    console.error(`${error.message}\n\n${help}`);
    process.exit(2);
  }
}
