// The benchmarks, all in one run: every scenario for every peer, interleaved, then what was asked beside what was reached.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { causeOf } from './targets/causes.mjs';
import { runParts } from './course.mjs';
import { furtherParts } from './further/further.mjs';
import { headline, placedInReadme } from './report/headline.mjs';
import { describeMachine } from './report/machine.mjs';
import { runOn } from './nodes.mjs';
import { readOptions } from './options.mjs';
import { prepareFiles, write } from './outputs.mjs';
import { shutdown } from './peers/packages/multithreading.mjs';
import { Clock, planOf } from './plan.mjs';
import { drawPlots } from './report/plots.mjs';
import { placed, isNewest } from './report/results-file.mjs';
import { report, scenarioSection, targetsSection } from './report/results.mjs';
import { runScenario } from './measure/scenario.mjs';
import { targets } from './targets/targets.mjs';
import { verdicts } from './targets/verdicts.mjs';

const options = readOptions(process.argv.slice(2));
const { out, json } = options;
if (options.nodes !== undefined) process.exit(await runOn(options.nodes, options.rest));
prepareFiles([out, json]);
const machine = describeMachine();
const clock = new Clock(planOf(options.scenarios, options));
const further = furtherParts(options);
const parts = [
  ...options.scenarios.map((scenario) => ({
    name: scenario.name,
    measure: (tell) => runScenario(scenario, options, tell),
    section: (entries) => scenarioSection(scenario, entries),
  })),
  ...options.extras.map((name) => ({ name, ...further[name] })),
];
const places = new Map(parts.map(({ name }, index) => [name, `${index + 1}/${parts.length} ${name}`]));

const { measured, sections, failure } = await runParts(parts, {
  tell(name, text) {
    // A terminal sees what begins in the progress.
    if (process.stderr.isTTY) progress(`${places.get(name)}: ${text ?? ''} (${clock.told()})`);
    else if (text === undefined) console.error(`${places.get(name)}, ${clock.told()}`);
  },
  keep(name, section) {
    clock.done(name);
    progress('');
    console.log(`${section}\n`);
  },
});
progress('');
if (failure !== undefined) console.error(failure.error);

const lines = verdicts(targets, measured, causeOf).filter(
  ({ verdict }) => options.whole || verdict !== 'not measured',
);
const summary = targetsSection(lines);
if (lines.length > 0) console.log(`${summary}\n`);
const seconds = Math.round(clock.seconds);
const failed = failure && `${failure.name} failed: ${failure.error.message}`;
if (json !== undefined) write(json, `${JSON.stringify({ machine, seconds, failed, measured })}\n`);
if (out !== undefined) {
  const before = existsSync(out) ? readFileSync(out, 'utf8') : '';
  const major = Number(process.versions.node.split('.')[0]);
  write(out, placed(before, major, report([summary, ...sections], { machine, options, seconds, failed })));
  if (isNewest(before, major)) {
    for (const path of drawPlots(measured, join(dirname(out), 'plots'))) console.error(`Written: ${path}`);
    if (options.readme !== undefined && failed === undefined) {
      const words = placedInReadme(readFileSync(options.readme, 'utf8'), headline(measured));
      write(options.readme, words);
    }
  }
}
if (failed !== undefined) {
  console.error(`Not whole after ${seconds} s: ${failed}`);
  // Workers of that part still wait for orders, or spin, which is why nothing else was measured beside them.
  process.exit(1);
}
await shutdown();
console.error(`Done in ${seconds} s.`);

function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
