// Rows: installed without optional dependencies, by each installer: the error's own cure is run, and then it works.
import { npmVersion, pathWith } from './installers.mjs';
import { ask } from './parts.mjs';
import { inProject, makeProject, mustInProject } from './project.mjs';
import { getTool } from './tools.mjs';

const shell = process.platform === 'win32' ? ['cmd', '/c'] : ['sh', '-c'];

/** `add` leaves the platform's package out; `tool` is where its installer comes from, npm being there. */
const omitting = (name, tool, add) => ({
  name,
  ...(tool === undefined ? {} : { needs: 'network' }),
  async run({ registry }) {
    const { version, bin } = tool === undefined ? { version: await npmVersion() } : await getTool(tool);
    const folder = makeProject(name.replace(/\W+/g, '-'));
    const options = { registry, env: pathWith(bin) };
    await mustInProject(folder, add, options);
    const cure = cureIn(folder, await inProject(folder, [process.execPath, 'require.cjs']));
    await mustInProject(folder, [...shell, cure], options);
    return { version, answers: await ask(folder, [process.execPath]), note: `cured by \`${cure}\`` };
  },
});

/** The command that the error ends its words with, which has to be for this folder. */
function cureIn(folder, { output }) {
  const [, where, cure] = /^To cure it, in (.+):\n {2}(.+)$/m.exec(output) ?? [];
  if (where !== folder) throw new Error(`there is no cure for ${folder} in: ${output}`);
  return cure;
}

export const cures = [
  omitting('npm --omit=optional', undefined, ['npm', 'install', '--omit=optional', 'millrace']),
  omitting('pnpm --no-optional', 'pnpm', ['pnpm', 'add', '--no-optional', 'millrace']),
  omitting('yarn 1 --ignore-optional', 'yarn 1', ['yarn', 'add', '--ignore-optional', 'millrace']),
  omitting('bun --omit=optional', 'bun', ['bun', 'add', '--omit=optional', 'millrace']),
];
