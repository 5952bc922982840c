// Rows: the programs that install packages. Each is asked for millrace by name, from the registry on this machine.
import { writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ask } from './parts.mjs';
import { inProject, makeProject, mustInProject, place } from './project.mjs';
import { getTool } from './tools.mjs';

const node = [process.execPath];

/** A project into which `command` has installed millrace, by the tool whose commands lie in `bin`. */
async function installBy(name, command, { registry, bin, yarnrc }) {
  const folder = makeProject(name.replaceAll(' ', '-'));
  if (yarnrc !== undefined) writeFileSync(join(folder, '.yarnrc.yml'), yarnrc);
  await mustInProject(folder, command, { registry, env: pathWith(bin) });
  return folder;
}

/** The PATH with a tool's commands in front, and where yarn 1, which asks nothing else for it, keeps its cache. */
export function pathWith(bin) {
  if (bin === undefined) return {};
  const isYarn1 = bin.includes('yarn@1');
  return {
    PATH: [bin, process.env.PATH].join(delimiter),
    ...(isYarn1 ? { YARN_CACHE_FOLDER: join(place, 'caches', 'yarn-1') } : {}),
  };
}

export async function npmVersion() {
  return (await inProject(place, ['npm', '--version'])).output.trim();
}

const npm = {
  name: 'npm',
  async run({ registry }) {
    const folder = await installBy('npm', ['npm', 'install', 'millrace'], { registry });
    return { version: await npmVersion(), answers: await ask(folder, node) };
  },
};

const pnpm = {
  name: 'pnpm',
  needs: 'network',
  async run({ registry }) {
    const { version, bin } = await getTool('pnpm');
    const folder = await installBy('pnpm', ['pnpm', 'add', 'millrace'], { registry, bin });
    return { version, answers: await ask(folder, node) };
  },
};

const yarn1 = {
  name: 'yarn 1',
  needs: 'network',
  async run({ registry }) {
    const { version, bin } = await getTool('yarn 1');
    const folder = await installBy('yarn 1', ['yarn', 'add', 'millrace'], { registry, bin });
    return { version, answers: await ask(folder, node) };
  },
};

/** `age`: what yarn 4 takes from npm's registry only after some time, it takes from this one at once. */
const yarnrc = (registry, ...lines) =>
  [
    `npmRegistryServer: "${registry}"`,
    'unsafeHttpWhitelist: ["127.0.0.1"]',
    'npmMinimalAgeGate: 0',
    'enableTelemetry: false',
    `globalFolder: ${JSON.stringify(join(place, 'caches', 'yarn'))}`,
    ...lines,
    '',
  ].join('\n');

const yarnModules = {
  name: 'yarn 4 (node-modules)',
  needs: 'network',
  note: '`nodeLinker: node-modules`',
  async run({ registry }) {
    const { version, bin } = await getTool('yarn');
    const options = { registry, bin, yarnrc: yarnrc(registry, 'nodeLinker: node-modules') };
    const folder = await installBy('yarn 4 modules', ['yarn', 'add', 'millrace'], options);
    return { version, answers: await ask(folder, node) };
  },
};

const yarnPnp = {
  name: 'yarn 4 (PnP)',
  needs: 'network',
  note:
    'run by `yarn node`; the binary is unplugged without being told to; `import` needs yarn’s ' +
    '`pnpEnableEsmLoader: true` where the project is not `"type": "module"`',
  async run({ registry }) {
    const { version, bin } = await getTool('yarn');
    const options = {
      registry,
      bin,
      yarnrc: yarnrc(registry, 'nodeLinker: pnp', 'pnpEnableEsmLoader: true'),
    };
    const folder = await installBy('yarn 4 pnp', ['yarn', 'add', 'millrace'], options);
    return { version, answers: await ask(folder, [join(bin, 'yarn'), 'node']) };
  },
};

export const installers = [npm, pnpm, yarn1, yarnModules, yarnPnp];
