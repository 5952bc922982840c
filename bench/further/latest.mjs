// What the verbs of the core's triple buffer cost without the border, whatever its size: no bytes are written or read.
import { startLimits } from '../limits/limits.mjs';

const sizes = [
  { label: '64 B', size: 64 },
  { label: '64 KiB', size: 65_536 },
  { label: '6.2 MB', size: 1920 * 1080 * 3 },
];

/** Calls of one repetition. */
const CALLS = 200_000;

/** Answers with the nanoseconds of each verb, one a repetition. */
export async function measureLatest(repetitions, tell) {
  const { ask, close } = await startLimits();
  const runners = sizes.map(({ label, size }) => ({ label, size, publishes: [], updates: [] }));
  // The first round is for warming up.
  for (let repetition = 0; repetition <= repetitions; repetition++) {
    for (const { label, size, publishes, updates } of runners) {
      tell(`${repetition} of ${repetitions}, ${label}`);
      const { publish, update } = await ask('latest', { size, count: CALLS });
      if (repetition === 0) continue;
      publishes.push(publish);
      updates.push(update);
    }
  }
  await close();
  return runners.flatMap(({ label, publishes, updates }) => [
    { name: `core publish ${label}`, title: `millrace's core \`publish\`, ${label}`, values: publishes },
    { name: `core update ${label}`, title: `millrace's core \`update\`, ${label}`, values: updates },
  ]);
}
