// How much memory queued broadcasts take, by how many receivers have still to see them: each in a process of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isOffered } from '../who/offered.mjs';

const child = fileURLToPath(new URL('broadcast-memory-child.mjs', import.meta.url));

export const MESSAGES = 1000;
export const MESSAGE_BYTES = 64 * 1024;

/** Answers with the MB by which each process has grown, one a repetition. */
export async function measureBroadcastMemory(repetitions, tell) {
  if (!isOffered('broadcast')) return [];
  const entries = [1, 8].map((receivers) => ({
    name: `receivers ${receivers}`,
    title: receivers === 1 ? '1 receiver' : `${receivers} receivers`,
    receivers,
    values: [],
  }));
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    for (const { name, receivers, values } of entries) {
      tell(`${repetition} of ${repetitions}, ${name}`);
      values.push(await grown(receivers));
    }
  }
  return entries.map(({ name, title, values }) => ({ name, title, values }));
}

async function grown(receivers) {
  const args = [child, String(receivers), String(MESSAGES), String(MESSAGE_BYTES)];
  const started = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  started.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  const [code] = await once(started, 'close');
  if (code !== 0) throw new Error(`Measuring the memory of broadcasts failed with code ${code}`);
  return Number(output) / 1e6;
}
