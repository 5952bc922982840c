// The process that makes the calls: `node thread.cjs SEED CALLS`. It prints how many it has made, and is watched.
const { appendFileSync } = require('node:fs');
const { setImmediate: turn } = require('node:timers/promises');
const { inspect } = require('node:util');

const loader = require('../../../dist/loader/loader.js');
const { callsOf } = require('./calls.cjs');
const { chanceOf } = require('./chance.cjs');

const [seed, calls] = process.argv.slice(2).map(Number);
const log = process.env.MILLRACE_FUZZ_LOG;
const shown = { depth: 1, maxArrayLength: 8, maxStringLength: 20, breakLength: Infinity };
/** Calls between two turns of the event loop, where finalizers and bells run. */
const burst = 500;

const chance = chanceOf(seed);
const fuzz = callsOf(chance, loader.image, (name, args) => {
  // Without getters and traps: `inspect` calls none.
  if (log !== undefined) appendFileSync(log, `${name} ${inspect(args, shown)}\n`);
});

void (async () => {
  for (let made = 0; made < calls; made += burst) {
    for (let call = 0; call < burst; call += 1) fuzz.one();
    if (chance.oneIn(20)) fuzz.reopen();
    if (chance.oneIn(10)) fuzz.revokeAll();
    if (chance.oneIn(20)) global.gc();
    await turn();
    process.stdout.write(`${made + burst}\n`);
  }
  process.exit(0);
})();
