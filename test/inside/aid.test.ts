// MILLRACE_TRACE=1 breaks nothing that it watches, and leaves everything as it was, whatever a program has made of errors.
import { describe, expect, test } from 'vitest';
import { answerOf } from '../process/child';

const fixture = new URL('fixtures/aided.cjs', import.meta.url);
const programs = [
  'nothing was changed',
  'Error is frozen',
  'prepareStackTrace throws',
  'prepareStackTrace answers anything',
  'there is no stackTraceLimit',
  'stackTraceLimit is 0',
  'stackTraceLimit cannot be written',
  'stackTraceLimit is an accessor',
];
const flags: [string, string[]][] = [
  ['as it is', []],
  ['with frozen intrinsics', ['--frozen-intrinsics', '--no-warnings']],
];

describe.each(flags)('a runtime %s', (name, given) => {
  // Frozen, nothing of these can be changed any more.
  const possible = given.length === 0 ? programs : programs.slice(0, 2);
  test.each(possible)('%s: channels are made all the same, and stackTraceLimit is as it was', async (how) => {
    const env = { MILLRACE_TRACE: '1' };
    expect(await answerOf(fixture, { args: [how], flags: given, env }), name).toEqual({
      made: 9,
      isSame: true,
    });
  });
});
