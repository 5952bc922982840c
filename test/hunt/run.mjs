// `npm run hunt`: three threads block in every verb, and whoever waits for what has come is told of.
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const help = `Usage: npm run hunt [-- --seconds N] [--seed N]

Three threads make random blocking calls on channels of every flavor, with random closes, timeouts, deaths and selects.
Where all of them wait, each wait is held against what its channel has: nobody may wait for what is there, or for an
end that has come. What programs may do, to wait for each other, is broken up, and everybody must go on.
  --seconds   how long, 3600 by default
  --seed      the same choices again, as far as threads let them; printed by each

npm run hunt:planted shows that it finds what it is for.
Exit codes: 0 nothing found, 1 a wait that does not end, or a crash, 2 wrong usage.`;

/** The dealer itself says nothing for so many milliseconds: it hangs. */
const patience = 240_000;

const { seconds, seed } = read();
console.log(`hunt: ${seconds} s, --seed ${seed}`);
const program = fileURLToPath(new URL('hunt.cjs', import.meta.url));
const child = spawn(process.execPath, [program, String(seconds), String(seed)], {
  stdio: ['ignore', 'pipe', 'pipe'],
});
let last = { seconds: 0, games: 0, deadlocks: 0, deaths: 0, verbs: 0 };
let shown = 0;
let failed;
let errors = '';
const hangs = () => {
  failed ??= `the thread that watches has said nothing for ${patience / 1000} s\n${errors}`;
  child.kill('SIGKILL');
};
let timer = setTimeout(hangs, patience);
let rest = '';
child.stdout.setEncoding('utf8').on('data', (text) => {
  const lines = (rest + text).split('\n');
  rest = lines.pop();
  for (const line of lines) heard(JSON.parse(line));
});
child.stderr.setEncoding('utf8').on('data', (text) => {
  errors = (errors + text).slice(-20_000);
});
const [code, signal] = await new Promise((resolve) => child.on('close', (...ended) => resolve(ended)));
clearTimeout(timer);
if (code !== 0) failed ??= `the process ended with code ${code}, signal ${signal}\n${errors}`;
const what = `${last.games} games, ${last.verbs} verbs, ${last.deadlocks} deadlocks broken up, ${last.deaths} deaths`;
if (failed === undefined) console.log(`hunt: ${what}, nothing found`);
else console.error(`hunt: ${what}, seed ${seed}: found\n${failed}`);
process.exit(failed === undefined ? 0 : 1);

function heard(line) {
  clearTimeout(timer);
  timer = setTimeout(hangs, patience);
  if (line.failed !== undefined) {
    failed = line.failed;
    return;
  }
  last = line;
  if (last.seconds < shown + 10) return;
  shown = last.seconds;
  console.log(`hunt: ${shown} s, ${last.games} games, ${last.verbs} verbs`);
}

function read() {
  try {
    const text = { type: 'string' };
    const { values } = parseArgs({
      options: { seconds: text, seed: text, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help) {
      console.log(help);
      process.exit(0);
    }
    const seconds = Number(values.seconds ?? 3600);
    const seed = Number(values.seed ?? randomInt(2 ** 31));
    if (!(seconds > 0 && seconds < 1_000_000))
      throw new Error(`Expected seconds above 0, received ${values.seconds}`);
    if (!Number.isInteger(seed) || seed < 0)
      throw new Error(`Expected a whole number, received ${values.seed}`);
    return { seconds, seed };
  } catch (error) {
    console.error(`${error.message}\n\n${help}`);
    process.exit(2);
  }
}
