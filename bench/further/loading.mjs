// What loading the package costs, in the first thread of a process and in a worker that does nothing else; beside them a
// worker that loads nothing, and what piscina's package takes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const requiring = (name) => `require(${JSON.stringify(require.resolve(name))})`;
/** Prints the milliseconds of what is measured. */
const timed = (code) => `const began = performance.now(); ${code}; console.log(performance.now() - began);`;
const worker = (code) =>
  `const { Worker } = require('node:worker_threads');
  const began = performance.now();
  new Worker(${JSON.stringify(code)}, { eval: true }).on('exit', () => console.log(performance.now() - began));`;

const kinds = [
  { name: 'require millrace', title: "`require('millrace')`", code: timed(requiring('millrace')) },
  { name: 'require piscina', title: "`require('piscina')`", code: timed(requiring('piscina')) },
  { name: 'worker', title: 'a worker that loads nothing, start to end', code: worker('') },
  {
    name: 'worker millrace',
    title: "a worker that does `require('millrace')`, start to end",
    code: worker(requiring('millrace')),
  },
];

/** Answers with milliseconds, one a repetition, each in a process of its own; and how much longer a worker takes that loads it. */
export async function measureLoading(repetitions, tell) {
  const entries = kinds.map(({ name, title, code }) => ({ name, title, code, values: [] }));
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    for (const { name, code, values } of entries) {
      tell(`${repetition} of ${repetitions}, ${name}`);
      values.push(await answerOf(code));
    }
  }
  const [bare, loaded] = ['worker', 'worker millrace'].map((name) => {
    return entries.find((entry) => entry.name === name).values;
  });
  const more = loaded.map((value, index) => value - bare[index]);
  const difference = {
    name: 'worker more',
    title: 'of it, more than a worker that loads nothing',
    values: more,
  };
  return [...entries.map(({ name, title, values }) => ({ name, title, values })), difference];
}

async function answerOf(code) {
  const child = spawn(process.execPath, ['--eval', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  const [exit] = await once(child, 'close');
  if (exit !== 0) throw new Error(`A process that loads something ended with code ${exit}`);
  return Number(output);
}
