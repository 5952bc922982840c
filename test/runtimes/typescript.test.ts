// Workers in TypeScript, as docs/typescript.md says that they run: by Node itself, by tsx, and by tsx on Node 20.
import { expect, test } from 'vitest';
import { Child } from '../process/child';

const main = new URL('typescript/main.mts', import.meta.url);
const major = Number(process.versions.node.split('.')[0]);
const stripsTypes = Boolean((process.features as { typescript?: unknown }).typescript);

/** What the program prints: two lines, in whichever order. */
async function printed(worker: string, flags: string[]): Promise<string[]> {
  const child = new Child(main, { args: [worker], flags: ['--no-warnings', ...flags] });
  const lines = [await child.line(), await child.line()];
  expect(await child.ended, child.errors).toMatchObject({ code: 0 });
  return lines;
}

test.runIf(stripsTypes)('Node itself runs them', async () => {
  expect(await printed('./worker.mts', [])).toEqual(['hello', 'closed']);
});

test.runIf(major >= 22)('tsx runs them from Node 22 on', async () => {
  expect(await printed('./worker.mts', ['--import', 'tsx'])).toEqual(['hello', 'closed']);
});

test.runIf(major === 20)(
  'on Node 20 tsx does not reach the worker, which is told, and its channel closes',
  async () => {
    const lines = await printed('./worker.mts', ['--import', 'tsx']);
    expect(lines.sort()).toEqual(['ERR_UNKNOWN_FILE_EXTENSION', 'closed']);
  },
);

test('a worker of JavaScript that calls for tsx runs them on every Node', async () => {
  expect(await printed('./worker-by-tsx.mjs', ['--import', 'tsx'])).toEqual(['hello', 'closed']);
});
