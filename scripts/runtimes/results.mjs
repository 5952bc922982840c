// What has been seen of each row: kept until what is installed is another, so that the matrix can be run in parts.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache, root } from '../steps.mjs';

const packed = join(root, 'packed');
const file = join(cache, 'runtimes.json');

/** Of the tarballs. */
function digest() {
  const hash = createHash('sha256');
  for (const name of readdirSync(packed).sort()) hash.update(readFileSync(join(packed, name)));
  return hash.digest('hex');
}

/** The results of these tarballs, by the names of their rows. */
export function recall() {
  if (!existsSync(file)) return {};
  const kept = JSON.parse(readFileSync(file, 'utf8'));
  return kept.digest === digest() ? kept.results : {};
}

/** Keeps a result, with today's date. */
export function remember(name, result) {
  mkdirSync(cache, { recursive: true });
  const dated = { ...result, name, date: new Date().toISOString().slice(0, 10) };
  writeFileSync(file, JSON.stringify({ digest: digest(), results: { ...recall(), [name]: dated } }));
  return dated;
}
