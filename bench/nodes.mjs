// A run on Nodes of its own choice: each comes from npm, as for the tests, and measures everything in a process of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchNode } from '../scripts/fetch.mjs';

const program = fileURLToPath(new URL('run.mjs', import.meta.url));

/** Runs the benchmarks with these arguments on each version, one after the other; answers the first exit code that is not 0. */
export async function runOn(versions, args) {
  for (const version of versions) {
    const node = await fetchNode(version);
    console.error(`Measuring on Node ${version}`);
    const own =
      versions.length === 1
        ? args
        : args.map((arg, index) => {
            return args[index - 1] === '--json' ? named(arg, version) : arg;
          });
    const [code] = await once(spawn(node, [program, ...own], { stdio: 'inherit' }), 'exit');
    if (code !== 0) return code ?? 1;
  }
  return 0;
}

/** `all.json` of several Nodes is `all-24.json` and `all-20.json`. */
function named(file, version) {
  const { dir, name, ext } = parse(file);
  return `${dir === '' ? '' : `${dir}/`}${name}-${version}${ext}`;
}
