// Other work on the machine: processes that do nothing but use a core each, until they are let go or their parent is gone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Milliseconds between two looks at the parent. */
const LOOK = 100;
const loop = `
  const parent = process.ppid;
  process.stdout.write('busy');
  while (process.ppid === parent) for (const until = Date.now() + ${LOOK}; Date.now() < until; );`;

/** Starts so many; resolves when all are busy. */
export async function keepBusy(count) {
  const loops = Array.from({ length: count }, () =>
    spawn(process.execPath, ['--eval', loop], { stdio: ['ignore', 'pipe', 'inherit'] }),
  );
  await Promise.all(loops.map(({ stdout }) => once(stdout, 'data')));
  return async () => {
    const ends = loops.map((child) => once(child, 'exit'));
    for (const child of loops) child.kill();
    await Promise.all(ends);
  };
}
