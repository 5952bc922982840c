/** A camera and a slow consumer, and what lies between them in five forms, one after another: why there is a latest value. */
import { mkdirSync } from 'node:fs';
import { startProgress } from '../../dist/cli/progress.js';
import { UsageError } from '../../dist/cli/usage.js';
import { help, readArguments } from './arguments.mjs';
import { chooseSource } from './camera.mjs';
import { forms, titles } from './forms.mjs';
import { announcement, complaints, legend, lesson, notes, table } from './report.mjs';
import { run } from './run.mjs';

/** Milliseconds between two looks at the clock. */
const LOOK_EVERY = 50;
const nameWidth = Math.max(...forms.map((form) => titles[form].length));

/** 0 all frames accounted for, 1 not so, 2 used wrongly, 130 interrupted. */
async function frames(options, output) {
  const source = chooseSource(options);
  makeFolder(options.save);
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once('SIGINT', interrupt);
  try {
    output.write(`${announcement(options, source)}\n\n`);
    return report(await runAll({ options, source, signal: interruption.signal }, output), options, output);
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    output.write('Interrupted: channels closed, workers ended.\n');
    return 130;
  } finally {
    process.off('SIGINT', interrupt);
  }
}

async function runAll(stage, output) {
  const outcomes = [];
  for (const form of forms) {
    const whole = stage.options.seconds * 1000;
    const progress = startProgress(output, titles[form].padEnd(nameWidth), whole);
    const began = performance.now();
    const watch = setInterval(() => progress.show(performance.now() - began), LOOK_EVERY);
    try {
      outcomes.push(await run(form, stage));
    } finally {
      clearInterval(watch);
      progress.end();
    }
  }
  return outcomes;
}

function report(outcomes, options, output) {
  output.write(`\n${table(outcomes)}\n${legend}\n\n`);
  for (const note of notes(outcomes, options)) output.write(`${note}\n`);
  if (options.save !== undefined) {
    const pictures = outcomes.reduce((sum, outcome) => sum + outcome.pictures, 0);
    output.write(`${pictures} pictures of what the consumer saw are in ${options.save}.\n`);
  }
  const wrong = complaints(outcomes);
  if (wrong.length === 0) {
    output.write(`${lesson(outcomes)}\n`);
    return 0;
  }
  console.error(`Frames are unaccounted for.\n${wrong.join('\n')}`);
  return 1;
}

function makeFolder(folder) {
  if (folder === undefined) return;
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `Expected --save to name a folder that can be made. Received '${folder}': ${reason}`,
      {
        cause: error,
      },
    );
  }
}

async function main(args) {
  const options = readArguments(args);
  if (options !== 'help') return frames(options, process.stdout);
  console.log(help);
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(`frames: ${error.message}`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);
