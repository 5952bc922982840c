// The benchmarks, all in one run: every scenario for every peer, interleaved, then what an idle wait costs.
import { writeFileSync } from 'node:fs';
import { measureIdle } from './idle.mjs';
import { describeMachine } from './machine.mjs';
import { readOptions } from './options.mjs';
import { runScenario } from './scenario.mjs';
import { scenarios } from './scenarios.mjs';
import { idleSection, report, scenarioSection } from './results.mjs';

const options = readOptions(process.argv.slice(2));
const machine = describeMachine();
const began = performance.now();
const chosen = scenarios.filter(({ name }) => name.includes(options.only));
const withIdle = 'idle'.includes(options.only);
const sections = [];

for (const [index, scenario] of chosen.entries()) {
  const place = `${index + 1}/${chosen.length} ${scenario.name}`;
  announce(place);
  const results = await runScenario(scenario, options, (text) => progress(`${place}: ${text}`));
  keep(scenarioSection(scenario, results));
}
if (withIdle) {
  announce('idle');
  keep(idleSection(options.idle, await measureIdle(options.idle, (text) => progress(`idle: ${text}`))));
}

const seconds = Math.round((performance.now() - began) / 1000);
if (options.out !== undefined) {
  writeFileSync(options.out, report(sections, { machine, options, seconds }));
  console.error(`Written: ${options.out}`);
}
console.error(`Done in ${seconds} s.`);

/** What begins now; a terminal sees it in the progress. */
function announce(text) {
  if (!process.stderr.isTTY) console.error(text);
}

function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function keep(section) {
  progress('');
  sections.push(section);
  console.log(`${section}\n`);
}
