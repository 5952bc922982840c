// A program may replace its clock and its timers: no delivery, no timeout and no close waits for that.
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterEach, describe, expect, test, vi } from 'vitest';

import { answerOf } from '../process/child';

interface Answer {
  readonly faked: object;
  readonly restored: object;
  readonly share: number;
}

const run = promisify(execFile);
const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const require = createRequire(import.meta.url);
const { failing, idleShare } = require('./fixtures/waiting-verbs.cjs') as {
  failing(): Promise<object>;
  idleShare(): Promise<number>;
};

const fakes = [
  'sinon',
  'sinon, everything',
  'node:test',
  'a frozen clock',
  'a clock frozen for all',
  'patched timers',
  'no timers',
];

test.each(fakes)(
  'every verb that waits goes on, and takes no core, with replaced timers: %s',
  async (how) => {
    const fixture = new URL('fixtures/faked.cjs', import.meta.url);
    const { faked, restored, share } = await answerOf<Answer>(fixture, { args: [how] });
    expect(faked).toEqual({});
    expect(restored).toEqual({});
    expect(share).toBeLessThan(0.5);
  },
);

describe("with Vitest's fake timers", () => {
  afterEach(() => void vi.useRealTimers());

  test.each([
    ['as they are by default', {}],
    ['of the clock alone', { toFake: ['performance' as const, 'Date' as const] }],
  ])('every verb that waits goes on: %s', async (_, config) => {
    vi.useFakeTimers(config);
    expect(vi.isFakeTimers()).toBe(true);
    expect(await failing()).toEqual({});
    expect(await idleShare()).toBeLessThan(0.5);
    vi.useRealTimers();
    expect(await failing()).toEqual({});
  });
});

test("with Jest's fake timers every verb that waits goes on", async () => {
  const jest = require.resolve('jest/bin/jest');
  const { stderr } = await run(process.execPath, [
    jest,
    '--rootDir',
    path('jest'),
    '--testMatch',
    '**/*.jest.cjs',
    '--testPathPatterns',
    'faked',
  ]);
  expect(stderr).toContain('3 passed');
});
