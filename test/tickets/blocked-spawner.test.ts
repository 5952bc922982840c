// A thread that spawns a worker and then blocks hears of a worker that never attaches its ends, whatever became of it.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

const fixture = fileURLToPath(new URL('fixtures/blocked-spawner.cjs', import.meta.url));
const told = JSON.parse(execFileSync(process.execPath, [fixture], { encoding: 'utf8', timeout: 200_000 }));

const closed = 'ERR_CHANNEL_CLOSED';
const answers = {
  recvSync: closed,
  iterSync: 0,
  recvManySync: closed,
  selectSync: true,
  sendSync: closed,
  flushSync: closed,
};

describe('a worker that', () => {
  test.each([
    'throws',
    'does not parse',
    'imports what is not there',
    'is missing',
    'returns',
    'exits',
    'runs out of memory',
  ])('%s gives its ends up while its spawner blocks', (manner) => {
    expect(told[manner]).toEqual(answers);
  });
});

test('a process with flags that no worker may be given starts workers all the same', () => {
  const program = `
    const { bounded, spawn } = require('millrace');
    const [tx, rx] = bounded(1);
    spawn('${new URL('fixtures/early-end.cjs', import.meta.url).href}', { tx }, { argv: ['returns'] });
    try {
      rx.recvSync();
    } catch ({ code }) {
      console.log(code);
    }`;
  const flags = ['--expose-gc', '--max-semi-space-size=1', '--title=x', '--no-warnings'];
  expect(execFileSync(process.execPath, [...flags, '-e', program], { encoding: 'utf8' })).toBe(`${closed}\n`);
});
