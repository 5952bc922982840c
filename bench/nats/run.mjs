// `npm run bench:nats`: what a hop over a NATS server costs beside one between threads, by the same code, in one interleaved run.
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';

import { bounded, transfer } from 'millrace';
import { natsChannel } from 'millrace/nats';

import { findServer, startServer } from '../../test/nats/server.mjs';
import { describeMachine } from '../report/machine.mjs';

const help = `Usage: npm run bench:nats -- [--rounds N] [--write]

Measures the rate and the latency of a channel between two threads and of the same over a NATS server on the loopback
address, for messages of 64 B, 4 KiB and 256 KiB, one by one and in batches of 64.

  --rounds N   so many rounds of each, 5 by default; the first of all is not counted
  --write      puts the tables into docs/scale.md

Exit codes: 0 measured, 1 no server, 2 wrong usage.`;

const batch = 64;
const capacity = 1024;
const sizes = [
  ['64 B', 64],
  ['4 KiB', 4096],
  ['256 KiB', 262_144],
];
const ways = [
  ['between threads', {}, { single: [20_000, 20_000, 2000], many: [200_000, 100_000, 4000], echoes: 2000 }],
  [
    'NATS, in memory',
    { storage: 'memory' },
    { single: [600, 600, 200], many: [10_000, 5000, 256], echoes: 200 },
  ],
  [
    'NATS, in a file',
    { storage: 'file' },
    { single: [600, 600, 200], many: [10_000, 5000, 256], echoes: 200 },
  ],
];

const options = (() => {
  try {
    const config = {
      rounds: { type: 'string', default: '5' },
      write: { type: 'boolean' },
      help: { type: 'boolean' },
    };
    const { values } = parseArgs({ options: config });
    return { ...values, rounds: Number(values.rounds) };
  } catch (error) {
    console.error(`${error.message}\n\n${help}`);
    process.exit(2);
  }
})();
if (options.help) {
  console.log(help);
  process.exit(0);
}
const program = findServer();
if (program === undefined) process.exit(1);

const server = await startServer(program);
const servers = server.url;
const lanes = [];
for (const [name, storage, counts] of ways) {
  lanes.push({ name, counts, ...(storage.storage === undefined ? await near() : await far(storage)) });
}

async function near() {
  const [tx, theirs] = bounded(capacity);
  const [back, rx] = bounded(capacity);
  const local = transfer({ rx: theirs, tx: back });
  return { tx, rx, worker: await start({ local }), close: () => [tx, rx].forEach((end) => end.close()) };
}

async function far({ storage }) {
  const made = { capacity, storage };
  const [there, back] = [`bench-there-${storage}`, `bench-back-${storage}`];
  const [to, from] = [
    await natsChannel({ servers }, there, made),
    await natsChannel({ servers }, back, made),
  ];
  const worker = await start({ servers, there, back, options: made });
  const close = () => Promise.all([to.close(), from.close()]);
  return { tx: to.sender(), rx: from.receiver(), worker, close };
}

async function start(workerData) {
  const worker = new Worker(new URL('worker.mjs', import.meta.url), { workerData });
  await once(worker, 'message');
  return worker;
}

/** Messages a second. */
async function rate({ tx, worker }, message, count, many) {
  const done = once(worker, 'message');
  worker.postMessage({ count, batch: many, echo: false });
  const start = performance.now();
  if (many === 1) for (let sent = 0; sent < count; sent += 1) await tx.send(message);
  else {
    const values = Array.from({ length: many }, () => message);
    for (let sent = 0; sent < count; sent += many)
      await tx.sendMany(values.slice(0, Math.min(many, count - sent)));
  }
  await done;
  return (count / (performance.now() - start)) * 1000;
}

/** Microseconds of one way, the middle of many round trips. */
async function latency({ tx, rx, worker }, message, count) {
  const done = once(worker, 'message');
  worker.postMessage({ count, batch: 1, echo: true });
  const times = [];
  for (let echo = 0; echo < count; echo += 1) {
    const start = performance.now();
    await tx.send(message);
    await rx.recv();
    times.push(((performance.now() - start) / 2) * 1000);
  }
  await done;
  return median(times);
}

const median = (values) => values.slice().sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** By way, size and measure: one value a round. */
const results = new Map();
for (let round = 0; round <= options.rounds; round += 1) {
  process.stderr.write(`\rround ${round} of ${options.rounds}`);
  for (const [index, [label, size]] of sizes.entries()) {
    const message = new Uint8Array(size).fill(7);
    for (const lane of lanes) {
      const { counts, name } = lane;
      const measured = {
        single: await rate(lane, message, counts.single[index], 1),
        many: await rate(lane, message, counts.many[index], batch),
        latency: await latency(lane, message, counts.echoes),
      };
      for (const [what, value] of Object.entries(measured)) {
        const key = `${name}, ${label}, ${what}`;
        if (round > 0) results.set(key, [...(results.get(key) ?? []), value]);
      }
    }
  }
}
process.stderr.write('\n');
for (const { worker, close } of lanes) {
  await close();
  await worker.terminate();
}
await server.stop();

const rounded = (value) => Number(value.toPrecision(2)).toLocaleString('en');

function cell(name, label, what) {
  const values = results.get(`${name}, ${label}, ${what}`);
  return `${rounded(median(values))} (${rounded(Math.min(...values))} to ${rounded(Math.max(...values))})`;
}

function table(what, title) {
  const head = `| ${title} | ${ways.map(([name]) => name).join(' | ')} |\n| --- | ${ways.map(() => '---:').join(' | ')} |`;
  const rows = sizes.map(
    ([label]) => `| ${label} | ${ways.map(([name]) => cell(name, label, what)).join(' | ')} |`,
  );
  return [head, ...rows].join('\n');
}

const about = Object.entries(describeMachine())
  .map(([key, value]) => `${key}: ${value}`)
  .join('. ');
const text = `Middle of ${options.rounds} rounds, least to most in brackets; all three in one run, in turns. ${about}.

${table('single', 'messages a second, `send` and `recv` one by one')}

${table('many', `messages a second, \`sendMany\` and \`recvMany\` of ${batch}`)}

${table('latency', 'microseconds one way, one message under way')}`;
console.log(text);

if (options.write === true) {
  const page = new URL('../../docs/scale.md', import.meta.url);
  const marked = /(<!-- bench:nats begins -->\n)[^]*(\n<!-- bench:nats ends -->)/;
  writeFileSync(
    page,
    readFileSync(page, 'utf8').replace(marked, (_, begin, end) => `${begin}\n${text}\n${end}`),
  );
}
