// Every program of the README and of docs/ is right at any size: at ten times its own, and at full length a hundred times, it runs to its end.
//
// What is scaled are the numbers that say how many: the bounds of loops, the lengths of arrays and of lists that are sent, and constants called after an amount. Not scaled are
// how many workers there are, and what a program says that it prints, which is another sum then.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Example, examplesIn, Laid, pages } from './documents';
import { fullLength } from './full-length';

const sizes = fullLength([10, 100], [10]);
const amount =
  /(\bfor \(let (?!worker\b)\w+ = \d+; \w+ <=? |\blength: |\bconst (?:last|count) = )(\d[\d_]*)\b/g;

/** A list that is sent. */
const list = /(endMany\()(\[[^\]]*\])/g;

/** The program with as many of everything. */
function scaled(code: string, by: number): string {
  return code
    .replace(amount, (_, before: string, many: string) => `${before}${Number(many.replaceAll('_', '')) * by}`)
    .replace(list, (_, before: string, values: string) => {
      return `${before}Array.from({ length: ${by} }, () => ${values}).flat()`;
    });
}

const programs = pages.flatMap(examplesIn);
const changed = programs.filter(({ code }) => scaled(code, 10) !== code);

test('most programs with a loop or a list have an amount that is scaled', () => {
  expect(changed.length).toBeGreaterThanOrEqual(15);
  expect(scaled('for (let i = 0; i < 100_000; i++) await jobs.send(i);', 10)).toBe(
    'for (let i = 0; i < 1000000; i++) await jobs.send(i);',
  );
  expect(scaled('for (let worker = 0; worker < 3; worker++) spawn(url, ends);', 10)).toContain('worker < 3');
});

describe.each(sizes)('%d times as much', (size) => {
  let laid: Laid;
  // Beside those that are changed lie the files which they start.
  const examples = programs.map((one): Example => ({ ...one, code: scaled(one.code, size) }));
  beforeAll(async () => {
    laid = await Laid.out(examples);
  });
  afterAll(() => laid.remove());

  const sizeable = examples.filter(({ started, code }, at) => started && code !== programs[at]!.code);
  test.each(Laid.runnable(sizeable).map((example) => [example.where, example] as const))(
    '%s runs to its end, and complains of nothing',
    async (_, example) => {
      expect((await laid.run(example, size * 40_000)).stderr).toBe('');
    },
    size * 50_000,
  );
});
