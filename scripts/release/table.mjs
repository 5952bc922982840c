// The table of platforms, as release:check prints it and as the docs show it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../steps.mjs';
import { packageOf } from './targets.mjs';

/** Where the docs show it, between two marks. */
export const page = 'docs/platforms.md';
const marks = ['<!-- release:check begins -->', '<!-- release:check ends -->'];

/** A table in Markdown; a row without `where` is of a binary that was not run. */
export function tableOf(rows) {
  const lines = rows.map((row) => {
    const { target, date, built, where, part, node, smoke, laws, size, floor, objdump, notes, findings } =
      row;
    if (!built) return [packageOf(target), 'not built', '', '', '', '', '', '', date];
    const file = findings.length === 0 ? 'as promised' : findings.join('; ');
    return [
      packageOf(target),
      'built',
      where === undefined ? `**not run**; ${notes.join('; ')}` : `${where}, ${node}`,
      smoke ?? 'not run',
      laws === undefined
        ? 'not run'
        : `${laws}${part === undefined ? '' : `, ${part * 100} % of the messages`}`,
      file,
      `${Math.ceil(size / 1024)} KiB`,
      objdump === undefined ? floor : `${floor}, objdump agrees`,
      date,
    ];
  });
  const head = [
    'package',
    'binary',
    'ran with',
    'smoke',
    'laws',
    'file',
    'size',
    'needs at least',
    'checked',
  ];
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

/** Puts the table between the marks of the page. */
export function writeTable(rows) {
  const file = join(root, page);
  const text = readFileSync(file, 'utf8');
  const [begin, end] = marks.map((mark) => text.indexOf(mark));
  if (begin < 0 || end < begin)
    throw new Error(`${page} has no place for the table, between ${marks.join(' and ')}`);
  const block = `${marks[0]}\n\nBy \`npm run release:check\`:\n\n${tableOf(rows)}\n`;
  writeFileSync(file, text.slice(0, begin) + block + text.slice(end));
}
