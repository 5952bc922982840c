// A request that nobody has any more: its call is lost, with one warning.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

/** After so long it is clear that nothing was given up: the program says so, and ends. */
const patience = 60_000;

const program = `
const { rpc, CallLostError } = require('millrace');
const [caller, responder] = rpc(4, { request: 'text', response: 'text' });
const lost = (error) => (error instanceof CallLostError ? 'lost, ' + (error.taken ? 'taken' : 'not taken') : error);
const calls = ['one', 'two', 'kept'].map((text) => caller.call(text).then((value) => value, lost));
const signals = [];
for (let count = 0; count < 2; count += 1) signals.push(new WeakRef(responder.recvSync().signal));
const held = () => signals.filter((signal) => signal.deref() !== undefined).length;
const kept = responder.recvSync();
process.on('warning', ({ code }) => console.log(code));
const began = Date.now();
const look = () => {
  gc();
  if (responder.stats().inFlight > 1 || held() > 0) {
    if (Date.now() - began > ${patience}) {
      console.log('still in flight: ' + responder.stats().inFlight + ', signals still held: ' + held());
    } else return setTimeout(look, 20);
  }
  console.log(kept.reply('answered'));
  Promise.all(calls).then((settled) => {
    console.log(settled.join('; '));
    setTimeout(() => process.exit(0), 500);
  });
  setTimeout(() => process.exit(1), ${patience}).unref();
};
look();
`;

test('a request that is garbage-collected is lost, and taken, its signal goes with it, and the process is warned once', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '-e', program]);
  expect(stdout.trim().split('\n').sort()).toEqual(
    ['MILLRACE_UNANSWERED', 'lost, taken; lost, taken; answered', 'true'].sort(),
  );
});
