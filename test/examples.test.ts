// Every example of the documentation runs, type-checked together, then each in a process of its own.
//
// A line with console.log and a comment, `console.log(x); // 1`, promises what is printed; `// 1: why` may say why.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { documents, examplesIn, Laid } from './documents';

const examples = documents.flatMap(examplesIn);
const started = examples.filter((example) => example.started);
const canRun = Laid.runnable(started);

let laid: Laid;
beforeAll(async () => {
  laid = await Laid.out(examples);
});
afterAll(() => laid.remove());

/** What an example promises to print, in order: the comments behind its console.log, `// one, then two` being two lines. */
function promised(code: string): string[] {
  const comments = code.matchAll(/^.*\bconsole\.log\(.*\).*?\/\/ (.+)$/gm);
  return [...comments].flatMap(([, comment]) => comment!.trim().split(', then '));
}

/** Whether a printed line keeps a promise, which may go on behind a colon to say why. */
const keeps = (line: string, promise: string) => promise === line || promise.startsWith(`${line}: `);

test('there are examples in the documentation of the source', () => {
  expect(started.length).toBeGreaterThan(20);
});

describe.each(documents.filter((document) => canRun.some((example) => example.document === document)))(
  '%s',
  (document) => {
    const here = canRun.filter((example) => example.document === document);
    const named = here.map((example) => [example.where, example] as const);

    test.each(named)('%s runs, and prints what it says', async (_, example) => {
      const { stdout, stderr } = await laid.run(example, 240_000);
      const lines = stdout.split('\n');
      for (const promise of promised(example.code)) {
        const found = lines.findIndex((line) => keeps(line, promise));
        expect(
          found,
          `'${promise}' among what is left of the output: ${lines.join(' | ')}`,
        ).toBeGreaterThanOrEqual(0);
        lines.splice(0, found + 1);
      }
      expect(stderr).toBe('');
    });
  },
);
