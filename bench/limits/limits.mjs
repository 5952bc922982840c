// The Rust process that measures the limits: built once, then one for each peer that needs it, spoken to by lines.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { must } from '../../scripts/steps.mjs';

let building;

/** Starts the process; `ask` sends it an order and answers with its result. */
export async function startLimits() {
  building ??= build();
  const child = spawn(await building, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(kind, values) {
      const words = Object.entries(values).map(([name, value]) => `${name}=${value}`);
      child.stdin.write(`${[kind, ...words].join(' ')}\n`);
      const { done, value } = await lines.next();
      if (done) throw new Error('The Rust process ended before it answered');
      return JSON.parse(value);
    },
    async close() {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
    },
  };
}

/** The program's path. */
async function build() {
  const messages = await must(
    'cargo',
    ['build', '--release', '--locked', '-p', 'millrace-limits', '--message-format=json'],
    { quiet: true },
  );
  const artifacts = messages.split('\n').filter((line) => line.includes('"executable":"'));
  return JSON.parse(artifacts.at(-1)).executable;
}
