// The matrix of runtimes: what counts as a yes, and how a table shows what does not.
import { describe, expect, test } from 'vitest';

import { all, answerOf } from '../../scripts/runtimes/answers.mjs';
import { tableOf } from '../../scripts/runtimes/table.mjs';

describe('an answer', () => {
  const word = 'done: hand-over';

  test.each([
    ['done, and the process ended well', { code: 0, output: `${word}\n` }, 'yes'],
    [
      'done, and then it crashed',
      { code: 134, output: `${word}\n` },
      /^no: was done, but the process ended badly/,
    ],
    ['ended well, but not done', { code: 0, output: '' }, 'no: exit code 0'],
    ['failed', { code: 1, output: 'at x\nTypeError: not so\nat y' }, 'no: exit code 1: TypeError: not so'],
    ['killed', { code: 1, output: 'node was ended by SIGKILL\n' }, /^no: .*SIGKILL/],
  ])('%s', (_, ended, expected) => {
    const answer = answerOf(ended, new RegExp(word));
    expect(answer).toEqual(expected instanceof RegExp ? expect.stringMatching(expected) : expected);
  });
});

test('a row shows each part, and a no in bold', () => {
  const row = {
    name: 'Node',
    version: '20.0.0',
    answers: { ...all('yes'), terminate: 'no: it hangs' },
    date: 'today',
  };
  expect(tableOf([row]).split('\n').at(2)).toBe('| Node | 20.0.0 | yes | yes | yes | **no** |  | today |');
});
