// A process with many channels and a console: it sends and receives so many messages a second, and tells the time of the console's thread.
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { bounded } from 'millrace';

const [channels, busy, messages, looksASecond] = process.argv.slice(2).map(Number);
const made = Array.from({ length: channels }, () => bounded(1024, { codec: 'f64' }));

const threads = () => readdirSync('/proc/self/task');
const before = new Set(threads());
const server = join(
  dirname(createRequire(import.meta.url).resolve('millrace/console')),
  'console',
  'server.js',
);
const worker = new Worker(server, { workerData: { port: 0, host: '127.0.0.1', looksASecond } });
const [{ port }] = await once(worker, 'message');
const own = threads().filter((thread) => !before.has(thread));

/** Milliseconds that the threads which came with the console have run. */
function time() {
  let nanoseconds = 0;
  for (const thread of own) {
    try {
      nanoseconds += Number(readFileSync(`/proc/self/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
    } catch {
      // It has ended.
    }
  }
  return nanoseconds / 1e6;
}

const began = performance.now();
let carried = 0;
setInterval(() => {
  const due = Math.floor(((performance.now() - began) / 1000) * messages);
  // After a pause of the machine it does not make up for what it has missed.
  carried = Math.max(carried, due - messages / 10);
  for (; carried < due; carried += 1) {
    const [tx, rx] = made[carried % busy];
    tx.trySend(carried);
    rx.tryRecv();
  }
}, 5);
process.on('message', () => process.send(time()));
process.send(`http://127.0.0.1:${port}/`);
