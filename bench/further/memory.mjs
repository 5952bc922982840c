// How much memory a fast producer takes whose consumer is slower: the most that a process had, in one of its own for each.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { peers, titleOf } from '../who/peers.mjs';

const child = fileURLToPath(new URL('memory-child.mjs', import.meta.url));
/** millrace by its capacity; `postMessage` as most programs use it, nobody counting. */
const plans = [
  { name: 'blocking', window: 1024 },
  { name: 'awaited', window: 1024 },
  { name: 'copy', window: 2 ** 30 },
  { name: 'transfer', window: 2 ** 30 },
];

/** Messages of one run, a KiB each. */
export const COUNT = 200_000;
export const SIZE = 1024;

/** Answers with the MB by which each process has grown at most, one a repetition. */
export async function measureMemory(repetitions, tell) {
  const rows = plans.map(({ name, window }) => ({ name, window, values: [] }));
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    for (const { name, window, values } of rows) {
      tell(`${repetition} of ${repetitions}, ${name}`);
      values.push(await grown({ peer: peers[name], window }));
    }
  }
  return rows.map(({ name, values }) => ({ name, title: titleOf(name), family: peers[name].family, values }));
}

async function grown(plan) {
  const order = JSON.stringify({ ...plan, size: SIZE, count: COUNT });
  const started = spawn(process.execPath, [child, order], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  started.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  const [code] = await once(started, 'close');
  if (code !== 0) throw new Error(`Measuring the memory of ${plan.peer.name} failed with code ${code}`);
  return Number(output) / 1e6;
}
