// The soak's command line.
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

const help = `Usage: npm run soak -- [OPTIONS]

Channels of every sort carry messages of 0 bytes to 1 MiB by every verb, between workers that end in every manner.
Every message is accounted for, and memory after forced collection must stay level after the first minute.

  --minutes N   how long (default 10)
  --seed N      the same choices again, as far as threads let them (default: by chance, and printed)
  -h, --help    this text

Exit codes: 0 all is well, 1 messages were lost, memory grew, or an error, 2 used wrongly.`;

/** Reads the arguments; answers for --help and misuse by itself. */
export function readOptions(args) {
  const text = { type: 'string' };
  let given;
  try {
    const options = { minutes: text, seed: text, help: { type: 'boolean', short: 'h' } };
    given = parseArgs({ args, options }).values;
  } catch (error) {
    return misuse(error.message);
  }
  if (given.help) {
    console.log(help);
    process.exit(0);
  }
  const minutes = Number(given.minutes ?? 10);
  if (!(minutes > 0 && minutes <= 10_000))
    misuse(`Expected --minutes to be a number above 0, up to 10000. Received '${given.minutes}'`);
  const seed = Number(given.seed ?? randomInt(2 ** 31));
  if (!Number.isInteger(seed) || seed < 0)
    misuse(`Expected --seed to be a whole number. Received '${given.seed}'`);
  return { minutes, seed };
}

function misuse(message) {
  console.error(`${message}\nTry --help.`);
  process.exit(2);
}
