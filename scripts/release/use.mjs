// Whether an installed package works on this machine: the packed smoke, run where npm has put it.
import { copyFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root, run } from '../steps.mjs';

const smokes = join(root, 'test', 'smoke', 'packed');

/** Whether the loader would take this target's package in this process. */
export function isHere(target) {
  const { describeMachine } = createRequire(import.meta.url)(join(root, 'dist', 'loader', 'machine.js'));
  return describeMachine().fitting.some(({ name }) => name === target.name);
}

/** What goes wrong when the package that is installed in this folder is used; in words. */
export async function useFindings(folder) {
  const findings = [];
  for (const name of readdirSync(smokes)) {
    copyFileSync(join(smokes, name), join(folder, name));
    // Nothing but what is installed there: a thread takes the binary that its process names.
    const { code, output } = await run(process.execPath, [name], {
      cwd: folder,
      quiet: true,
      env: { MILLRACE_BINARY: '' },
    });
    if (code !== 0) findings.push(`${name} fails with it:\n${output.trimEnd()}`);
  }
  return findings;
}
