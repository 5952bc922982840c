// A lease that nobody has any more: its message goes back, with one warning.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

/** After so many milliseconds it is clear that nothing goes back: the program says so, and ends. */
const patience = 60_000;

const program = `
const { bounded } = require('millrace');
const [tx, rx] = bounded(2, { codec: 'text', ack: true });
tx.trySendMany(['one', 'two']);
for (let count = 0; count < 2; count += 1) rx.recvSync();
process.on('warning', ({ code }) => console.log(code));
const began = Date.now();
const look = () => {
  gc();
  if (rx.length < 2) {
    if (Date.now() - began < ${patience}) return setTimeout(look, 20);
    console.log('back in the queue: ' + rx.length);
  }
  console.log(rx.tryRecvMany(2).map(({ value, attempt }) => value + attempt).join());
  setTimeout(() => process.exit(0), 500);
};
look();
`;

test('a lease that is garbage-collected goes back, and the process is warned once', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '-e', program]);
  expect(stdout.trim().split('\n').sort()).toEqual(['MILLRACE_UNSETTLED', 'one2,two2']);
});
