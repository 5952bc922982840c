// What is garbage-collected unclosed is closed, and the process warned once; what waits is kept.
import { expect, test } from 'vitest';
import { answerOf } from './child';

const fixture = new URL('fixtures/garbage.cjs', import.meta.url);
const collected = <T>(what: string): Promise<T> =>
  answerOf<T>(fixture, { args: [what], flags: ['--expose-gc'] });

test('garbage-collected handles are released, with one process warning', async () => {
  const { codes, warnings, channels } = await collected<{
    codes: string[];
    warnings: string[];
    channels: number;
  }>('forgotten');
  expect(codes).toEqual(['ERR_CHANNEL_CLOSED', 'ERR_CHANNEL_CLOSED']);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('close');
  expect(channels).toBe(0);
});

test('handles forgotten by several threads bring one warning of the process', async () => {
  const { codes, warnings } = await answerOf<{ codes: string[]; warnings: string[] }>(
    new URL('fixtures/garbage-threads.cjs', import.meta.url),
    { flags: ['--expose-gc'] },
  );
  expect(codes).toEqual(Array.from({ length: 3 }, () => 'ERR_CHANNEL_CLOSED'));
  expect(warnings).toHaveLength(1);
});

test('a handle with a pending wait, or being iterated over, is kept; no warning', async () => {
  expect(await collected('waiting')).toEqual({
    received: 'for the wait',
    iterated: 'for the loop',
    warnings: [],
  });
});

test('handles that were closed or transferred bring no warning', async () => {
  expect(await collected('tidy')).toEqual({ warnings: [] });
});
