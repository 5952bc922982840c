// Row: the native part built from source by the documented command, in a checkout of its own.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from '../steps.mjs';
import { ask } from './parts.mjs';
import { place } from './project.mjs';

const command = 'npm ci && npm run build:native';

const source = {
  name: 'Built from source',
  needs: 'network',
  note: `\`${command}\` in a checkout, and \`MILLRACE_BINARY\` as it says; there is no package for the platform`,
  async run({ installed }) {
    const checkout = join(place, 'checkout');
    await mustRun('git', ['clone', '--quiet', root, checkout], {});
    const told = await mustRun('sh', ['-c', command], { cwd: checkout });
    const binary = /^To use it elsewhere: MILLRACE_BINARY=(.+)$/m.exec(told)?.[1];
    if (binary === undefined) throw new Error(`it does not end with the variable: ${told}`);
    const folder = installed('source');
    const modules = join(folder, 'node_modules');
    for (const name of readdirSync(modules)) {
      if (name.startsWith('millrace-')) rmSync(join(modules, name), { recursive: true });
    }
    const answers = await ask(folder, [process.execPath], { env: { MILLRACE_BINARY: binary } });
    return { version: process.versions.node, answers };
  },
};

async function mustRun(command, args, options) {
  const { code, output } = await run(command, args, { quiet: true, ...options });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}\n${output}`);
  return output;
}

export const sources = [source];
