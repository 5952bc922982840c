// What the verbs of a triple buffer cost in one thread, whatever its size: no bytes are written or read.
import { tripleBuffer } from 'millrace';
import { Triple, makeTriple } from './rings/triple.mjs';

const sizes = [
  { label: '64 B', size: 64 },
  { label: '64 KiB', size: 65_536 },
  { label: '6.2 MB', size: 1920 * 1080 * 3 },
];
const makers = {
  millrace: (size) => tripleBuffer({ byteLength: size }),
  'JS triple buffer': (size) => {
    const shared = makeTriple(size);
    return [new Triple(shared, 0), new Triple(shared, 1)];
  },
};

/** Calls of one repetition. */
const CALLS = 200_000;

/** Answers with the nanoseconds of each verb, one a repetition; millrace's have the verb's name alone. */
export function measureLatest(repetitions, tell) {
  const runners = sizes.flatMap(({ label, size }) =>
    Object.entries(makers).map(([maker, make]) => {
      const [input, output] = make(size);
      return { label, maker, size, input, output, publishes: [], updates: [] };
    }),
  );
  // The first round is for warming up.
  for (let repetition = 0; repetition <= repetitions; repetition++) {
    for (const runner of runners) {
      tell(`${repetition} of ${repetitions}, ${runner.maker} ${runner.label}`);
      const { publish, update } = measure(runner);
      if (repetition === 0) continue;
      runner.publishes.push(publish);
      runner.updates.push(update);
    }
  }
  for (const { maker, input, output } of runners) {
    if (maker !== 'millrace') continue;
    input.close();
    output.close();
  }
  return runners.flatMap(({ label, maker, publishes, updates }) => {
    const prefix = maker === 'millrace' ? '' : `${maker} `;
    const title = (verb) => `${maker} \`${verb}\`, ${label}`;
    return [
      { name: `${prefix}publish ${label}`, title: title('publish'), values: publishes },
      { name: `${prefix}update ${label}`, title: title('update'), values: updates },
    ];
  });
}

/** An update that finds a value needs one each time, so it is what a publish and an update cost less a publish. */
function measure({ input, output, size }) {
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
