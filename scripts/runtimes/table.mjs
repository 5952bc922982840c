// The table of runtimes and tools, as the command prints it and as the docs show it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../steps.mjs';
import { parts } from './answers.mjs';

/** Where the docs show it, between two marks. */
export const page = 'docs/install.md';
const marks = ['<!-- test:runtimes begins -->', '<!-- test:runtimes ends -->'];

/** A table in Markdown. */
export function tableOf(results) {
  const head = ['with', 'version', ...parts, 'to know', 'seen'];
  const lines = results.map(({ name, version, answers, note, date }) => [
    name,
    version,
    ...parts.map((part) => (answers[part].startsWith('no:') ? '**no**' : answers[part])),
    note ?? '',
    date,
  ]);
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

/** Puts the table between the marks of the page. */
export function writeTable(results) {
  const file = join(root, page);
  const text = readFileSync(file, 'utf8');
  const [begin, end] = marks.map((mark) => text.indexOf(mark));
  if (begin < 0 || end < begin) {
    throw new Error(`${page} has no place for the table, between ${marks.join(' and ')}`);
  }
  const block = `${marks[0]}\n\nBy \`npm run test:runtimes\`, on ${process.platform} ${process.arch}:\n\n${tableOf(results)}\n`;
  writeFileSync(file, text.slice(0, begin) + block + text.slice(end));
}
