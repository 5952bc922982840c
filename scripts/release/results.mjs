// What has been seen of each binary: kept until the binary, dist or the laws are others.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { binaries, home } from './places.mjs';
import { programs, staged } from './suite.mjs';
import { binaryOf } from './targets.mjs';

const folder = join(home, 'checked');

/** Keeps a target's rows. */
export function remember(target, rows) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileOf(target), JSON.stringify({ digest: digestOf(target), rows }));
}

/** The rows of a target as it is now, or undefined where it was not checked so. */
export function recall(target) {
  if (!existsSync(fileOf(target))) return undefined;
  const { digest, rows } = JSON.parse(readFileSync(fileOf(target), 'utf8'));
  return digest === digestOf(target) ? rows : undefined;
}

function fileOf({ name }) {
  return join(folder, `${name}.json`);
}

/** Of all that was run, and not of what lies beside it, such as the README. */
function digestOf(target) {
  const hash = createHash('sha256');
  const binary = join(binaries, binaryOf(target));
  if (existsSync(binary)) hash.update(readFileSync(binary));
  for (const path of programs()) hash.update(path.slice(staged.length)).update(readFileSync(path));
  return hash.digest('hex');
}
