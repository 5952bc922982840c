// How long the loop of a thread stalls that closes a channel with a million messages in it: the longest time between two
// turns, from the close on.
import { unbounded } from 'millrace';
import { fill } from './scaling.mjs';

export const QUEUED = 1_000_000;
/** Milliseconds that the loop is watched: the memory is freed in steps, which start at once. */
const WATCHED = 200;

const nothing = { name: 'nothing closed', close() {} };
const close = { name: 'close', title: 'last `receiver.close()`', close: (rx) => rx.close() };
const cancel = { name: 'cancel', title: '`receiver.cancel()`', close: (rx) => rx.cancel() };
const sizes = [
  { label: '64 B', size: 64 },
  { label: '1 KiB', size: 1024 },
];

/** Answers with the milliseconds of the longest stall, one a repetition, by what was done: `close 64 B`. */
export async function measureClosing(repetitions, tell) {
  const runners = sizes.flatMap(({ label, size }) =>
    [nothing, close, cancel].map(({ name, title = name, close }) => {
      return { name: `${name} ${label}`, title: `${title}, ${label}`, size, close, values: [] };
    }),
  );
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    for (const { name, size, close, values } of runners) {
      tell(`${repetition} of ${repetitions}, ${name}`);
      values.push(await stallOf(size, close));
    }
  }
  return runners.map(({ name, title, values }) => ({ name, title, values }));
}

async function stallOf(size, close) {
  const [tx, rx] = unbounded();
  fill(tx, QUEUED, size);
  // What filling left to be done is not counted.
  await turn();
  const began = performance.now();
  let latest = began;
  let longest = 0;
  close(rx);
  while (latest - began < WATCHED) {
    await turn();
    const now = performance.now();
    longest = Math.max(longest, now - latest);
    latest = now;
  }
  rx.close();
  tx.close();
  return longest;
}

function turn() {
  return new Promise((resolve) => setImmediate(resolve));
}
