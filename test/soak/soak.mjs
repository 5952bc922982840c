// The soak: rounds on every lane, several at a time, for so many minutes and from such a seed, its arguments; a line every
// ten seconds, tables at the end.
import { createRequire } from 'node:module';
import { growthOf, lookAtMemory } from './growth.mjs';
import { lanes } from './lanes.mjs';
import { Ledger, growthTable } from './ledger.mjs';
import { manners } from './life.mjs';
import { makeBooks } from './tally.mjs';
import { verbNames } from './verbs.mjs';

const require = createRequire(import.meta.url);
const { chance } = require('../fuzz/fixtures/chance.cjs');
const { registry } = require('../threads/fixtures/handshakes.cjs');

/** Seconds between two looks at memory, for which all rounds end. */
const SHIFT = 10;
/** Rounds at a time. */
const ABREAST = 3;

const [minutes, seed] = process.argv.slice(2).map(Number);
console.log(`Soaking for ${minutes} min, --seed ${seed}`);
const random = chance(seed);
const books = Array.from({ length: ABREAST }, () => makeBooks(verbNames.length));
const ledger = new Ledger();
const looks = [];
const began = performance.now();
const seconds = () => (performance.now() - began) / 1000;
let played = 0;

try {
  while (seconds() < minutes * 60 && ledger.faults.length === 0) {
    const end = Math.min(seconds() + SHIFT, minutes * 60);
    await Promise.all(books.map((books) => playUntil(end, books)));
    looks.push({ at: seconds(), ...(await lookAtMemory()) });
    console.log(ledger.line(looks.at(-1)));
  }
  const { channels } = registry();
  if (channels > 0) ledger.faults.push(`${channels} channels are left`);
  const unused = minutes < 1 ? [] : ledger.unused(books, manners);
  if (unused.length > 0) ledger.faults.push(`never happened: ${unused.join(', ')}`);
} catch (error) {
  ledger.faults.push(error.stack);
}

const growths = ['rss', 'external'].map((figure) => ({ figure, growth: growthOf(looks, figure) }));
console.log(`\n${ledger.tables(books)}\n\n${growthTable(growths)}`);
for (const { figure, growth } of growths) {
  if (growth?.hasGrown) ledger.faults.push(`${figure} has grown`);
}
for (const fault of ledger.faults) console.log(`\nFAULT: ${fault}`);
const verdict = ledger.faults.length === 0 ? 'Every message is accounted for' : 'The soak has failed';
console.log(`\n${verdict}, after ${Math.round(seconds())} s, --seed ${seed}`);
process.exit(ledger.faults.length === 0 ? 0 : 1);

/** Plays rounds, lane by lane, until that second. */
async function playUntil(end, books) {
  while (seconds() < end && ledger.faults.length === 0) {
    const lane = lanes[played++ % lanes.length];
    ledger.enter(lane, await lane.play(random, books));
  }
}
