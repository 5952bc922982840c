// What the console costs a process with many channels and much traffic: processor time of its thread, with a page open and without, in turn.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const child = new URL('console-child.mjs', import.meta.url);
export const CHANNELS = 1000;
export const MESSAGES = 100_000;
export const LOOKS = 10;
/** Milliseconds until a page that was opened or closed makes no more difference. */
const SETTLE = 1000;
/** How many of the channels carry the messages. */
const BUSY = [10, CHANNELS];

/** Answers with the percent of one core that the console's thread takes; nothing where the system does not tell a thread's time. */
export async function measureConsole(repetitions, seconds, tell) {
  if (!existsSync('/proc/thread-self/schedstat')) return [];
  const rows = [];
  for (const busy of BUSY) {
    const process = fork(child, [String(CHANNELS), String(busy), String(MESSAGES), String(LOOKS)]);
    const [url] = await once(process, 'message');
    const closed = { name: `closed ${busy}`, title: `no page open, ${busy} channels busy`, values: [] };
    const open = { name: `open ${busy}`, title: `a page open, ${busy} channels busy`, values: [] };
    for (let repetition = 1; repetition <= repetitions; repetition++) {
      tell(`${repetition} of ${repetitions}, ${busy} busy`);
      closed.values.push(await share(process, seconds));
      const page = await openPage(`${url}events`);
      open.values.push(await share(process, seconds));
      page.destroy();
    }
    process.kill();
    rows.push(closed, open);
  }
  return rows;
}

async function share(process, seconds) {
  await sleep(SETTLE);
  const [before, began] = [await ask(process), performance.now()];
  await sleep(seconds * 1000);
  return (((await ask(process)) - before) / (performance.now() - began)) * 100;
}

async function ask(process) {
  process.send('time');
  const [milliseconds] = await once(process, 'message');
  return milliseconds;
}

async function openPage(url) {
  const [response] = await once(get(url), 'response');
  response.on('error', () => {}).resume();
  return response;
}
