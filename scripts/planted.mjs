// Faults that are planted to see an instrument find them: the crates copied, one thing in them changed.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './steps.mjs';

/**
 * Calls `use` with the folder of a copy of the workspace in which each of `edits`, `[from, to]`, is made to `file` of
 * crates, where `from` must stand exactly once; with none where one does not fit any more.
 */
export async function withPlanted({ file, edits }, use) {
  const copy = mkdtempSync(join(tmpdir(), 'millrace-planted-'));
  try {
    for (const part of ['crates', 'bench/limits', 'Cargo.toml', 'Cargo.lock']) {
      mkdirSync(join(copy, part, '..'), { recursive: true });
      cpSync(join(root, part), join(copy, part), { recursive: true });
    }
    const path = join(copy, 'crates', file);
    let text = readFileSync(path, 'utf8');
    for (const [from, to] of edits) {
      if (text.split(from).length !== 2) return await use(undefined);
      text = text.replace(from, () => to);
    }
    writeFileSync(path, text);
    return await use(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
