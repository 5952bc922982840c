// A second opinion on which glibc a binary asks for: that of binutils' objdump, where it knows the processor.
import { run } from '../../steps.mjs';
import { newestGlibc } from './elf.mjs';

/** As `2.17`; undefined where objdump is not installed, cannot read the file, or sees no version in it. */
export async function glibcByObjdump(file) {
  const { code, stdout } = await run('objdump', ['-T', file], { quiet: true });
  if (code !== 0) return undefined;
  return newestGlibc([...stdout.matchAll(/\bGLIBC_[\d.]+/g)].map(([version]) => version));
}
