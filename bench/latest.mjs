// What the verbs of a triple buffer cost in one thread, whatever its size: no bytes are written or read.
import { tripleBuffer } from 'millrace';
import { startLimits } from './limits.mjs';
import { Triple, makeTriple } from './rings/triple.mjs';

const sizes = [
  { label: '64 B', size: 64 },
  { label: '64 KiB', size: 65_536 },
  { label: '6.2 MB', size: 1920 * 1080 * 3 },
];

/** Calls of one repetition. */
const CALLS = 200_000;

/** Those that are measured: what a row's name begins with, what its title does, and how to begin with a size. */
const makers = [
  { prefix: '', title: 'millrace', open: throughBorder },
  { prefix: 'core ', title: "millrace's core", open: inCore },
  { prefix: 'JS triple buffer ', title: 'JS triple buffer', open: inSharedMemory },
];

/** Answers with the nanoseconds of each verb, one a repetition; those of millrace through the border have the verb's name alone. */
export async function measureLatest(repetitions, tell) {
  const runners = [];
  for (const { label, size } of sizes) {
    for (const maker of makers) {
      runners.push({ ...maker, ...(await maker.open(size)), label, publishes: [], updates: [] });
    }
  }
  // The first round is for warming up.
  for (let repetition = 0; repetition <= repetitions; repetition++) {
    for (const { title, label, measure, publishes, updates } of runners) {
      tell(`${repetition} of ${repetitions}, ${title} ${label}`);
      const { publish, update } = await measure();
      if (repetition === 0) continue;
      publishes.push(publish);
      updates.push(update);
    }
  }
  for (const { close } of runners) await close();
  return runners.flatMap(({ prefix, title, label, publishes, updates }) => [
    { name: `${prefix}publish ${label}`, title: `${title} \`publish\`, ${label}`, values: publishes },
    { name: `${prefix}update ${label}`, title: `${title} \`update\`, ${label}`, values: updates },
  ]);
}

function throughBorder(size) {
  const [input, output] = tripleBuffer({ byteLength: size });
  const close = () => {
    input.close();
    output.close();
  };
  return { measure: () => timed(input, output, size), close };
}

async function inCore(size) {
  const { ask, close } = await startLimits();
  return { measure: () => ask('latest', { size, count: CALLS }), close };
}

function inSharedMemory(size) {
  const shared = makeTriple(size);
  const [input, output] = [new Triple(shared, 0), new Triple(shared, 1)];
  return { measure: () => timed(input, output, size), close() {} };
}

/** An update that finds a value needs one each time, so it is what a publish and an update cost less a publish. */
function timed(input, output, size) {
  const publish = timeOf(() => input.publish(size));
  const both = timeOf(() => {
    input.publish(size);
    if (!output.update()) throw new Error('A published value was not there');
  });
  return { publish, update: both - publish };
}

function timeOf(call) {
  const began = performance.now();
  for (let count = 0; count < CALLS; count++) call();
  return ((performance.now() - began) * 1e6) / CALLS;
}
