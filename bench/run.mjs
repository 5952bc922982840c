// The benchmarks, all in one run: every scenario for every peer, interleaved, then what was asked beside what was reached.
import { dirname, join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { measureIdle } from './idle.mjs';
import { measureLatest } from './latest.mjs';
import { describeMachine } from './machine.mjs';
import { COUNT, SIZE, measureMemory } from './memory.mjs';
import { readOptions } from './options.mjs';
import { shutdown } from './peers/multithreading.mjs';
import { Clock, planOf } from './plan.mjs';
import { drawPlots } from './plots.mjs';
import { figuresSection, report, scenarioSection, targetsSection } from './results.mjs';
import { runScenario } from './scenario.mjs';
import { targets } from './targets.mjs';
import { verdicts } from './verdicts.mjs';

const options = readOptions(process.argv.slice(2));
const { idle, repetitions, out, json } = options;
const machine = describeMachine();
const clock = new Clock(planOf(options.scenarios, options));
/** What was measured, by scenario. */
const measured = {};
const sections = [];

const further = {
  latest: {
    measure: (tell) => measureLatest(repetitions, tell),
    words: 'One call, in one thread, nothing written or read; the core without JavaScript beside it.',
    unit: 'ns',
  },
  memory: {
    measure: (tell) => measureMemory(repetitions, tell),
    words: `${COUNT.toLocaleString('en-US')} messages of ${SIZE} bytes sent as fast as they go, in a process of its own; nobody counts for \`postMessage\`.`,
    unit: 'MB grown at most',
  },
  idle: {
    measure: (tell) => measureIdle(idle, tell),
    words: `One worker, watched for ${idle} s: the whole process, so an upper bound.`,
    unit: '% of a core',
  },
};

try {
  for (const scenario of options.scenarios) {
    await part(scenario.name, (tell) => runScenario(scenario, options, tell));
    keep(scenarioSection(scenario, measured[scenario.name]));
  }
  for (const name of options.extras) {
    const { measure, words, unit } = further[name];
    await part(name, measure);
    keep(figuresSection(name, words, unit, measured[name]));
  }
  await shutdown();
} catch (error) {
  progress('');
  console.error(error);
  // Workers of the other peers still wait for orders.
  process.exit(1);
}

const lines = verdicts(targets, measured).filter(
  ({ verdict }) => options.whole || verdict !== 'not measured',
);
const summary = targetsSection(lines);
if (lines.length > 0) console.log(`${summary}\n`);
const seconds = Math.round(clock.seconds);
if (out !== undefined) {
  writeFileSync(out, report([summary, ...sections], { machine, options, seconds }));
  const plots = drawPlots(measured, join(dirname(out), 'plots'));
  console.error(`Written: ${[out, ...plots].join(', ')}`);
}
if (json !== undefined) {
  writeFileSync(json, `${JSON.stringify({ machine, seconds, measured })}\n`);
  console.error(`Written: ${json}`);
}
console.error(`Done in ${seconds} s.`);

async function part(name, measure) {
  const place = `${Object.keys(measured).length + 1}/${clock.plan.size} ${name}`;
  announce(`${place}, ${clock.told()}`);
  measured[name] = await measure((text) => progress(`${place}: ${text} (${clock.told()})`));
  clock.done(name);
}

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
