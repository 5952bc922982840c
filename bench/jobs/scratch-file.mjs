// A file of this process in the system's folder for such, gone when the process ends.
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A path that nobody else uses; nothing is there yet. */
export function scratchFile(name) {
  const path = join(tmpdir(), `millrace-bench-${process.pid}-${name}`);
  process.on('exit', () => rmSync(path, { force: true }));
  return path;
}
