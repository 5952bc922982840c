// Rows: the programs that run JavaScript.
import { join } from 'node:path';
import { fetchNode } from '../fetch.mjs';
import { ask } from './parts.mjs';
import { makeProject, mustInProject } from './project.mjs';
import { refusing } from './refusal.mjs';
import { getTool } from './tools.mjs';

const node = (major) => ({
  name: `Node ${major}`,
  needs: 'network',
  async run({ installed }) {
    const path = await fetchNode(major);
    const folder = installed(`node-${major}`);
    const version = (await mustInProject(folder, [path, '--version'])).trim().slice(1);
    return { version, answers: await ask(folder, [path]) };
  },
});

const bun = {
  name: 'Bun',
  needs: 'network',
  note: 'installed by `bun add`',
  async run({ registry }) {
    const { version, bin } = await getTool('bun');
    const command = join(bin, 'bun');
    const folder = makeProject('bun');
    await mustInProject(folder, [command, 'add', 'millrace'], { registry });
    return { version, answers: await ask(folder, [command]) };
  },
};

/** What Deno asks leave for, when it is not told `-A`. */
const permissions = ['--allow-ffi', '--allow-read', '--allow-env', '--allow-sys'];

const deno = {
  name: 'Deno',
  needs: 'network',
  known: ['terminate'],
  note:
    `\`deno add npm:millrace\`, run with \`${permissions.join(' ')}\`; terminate() does not reach a blocked worker, ` +
    'and long messages are copied: see below',
  async run({ registry }) {
    const { version, bin } = await getTool('deno');
    const command = join(bin, 'deno');
    const folder = makeProject('deno');
    await mustInProject(folder, [command, 'add', 'npm:millrace'], { registry });
    const answers = await ask(folder, [command, 'run', '--no-prompt', ...permissions], {
      env: { DENO_NO_UPDATE_CHECK: '1' },
    });
    return { version, answers };
  },
};

const copying = {
  name: 'Node without external memory (as Electron)',
  on: ['linux'],
  note: 'simulated: Node-API refuses to lend native memory, so long messages are copied; nothing to set',
  async run({ installed }) {
    const folder = installed('refusing');
    const env = await refusing(folder);
    const told = await mustInProject(folder, ['npx', '--no', 'millrace', 'doctor', '--json'], { env });
    const { externalMemory } = JSON.parse(told);
    if (externalMemory !== false) throw new Error('native memory was lent all the same');
    return {
      version: process.versions.node,
      answers: await ask(folder, [process.execPath], { env }),
    };
  },
};

export const engines = [node(20), node(22), node(24), node(26), bun, deno, copying];
