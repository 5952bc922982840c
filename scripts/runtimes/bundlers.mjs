// Rows: the bundlers, each told that millrace is external; what they make runs without the sources, beside node_modules.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from './parts.mjs';
import { mustInProject } from './project.mjs';
import { getTool } from './tools.mjs';

const entries = ['probe.mjs', 'worker.mjs'];
const commonJs = join('bundlers', 'required.mjs');

/** `commands` make `built/` of the probes, for import and, where they are another output, for require. */
const bundler = (tool, note, commands, required = join('built', 'required.cjs')) => ({
  name: tool,
  needs: 'network',
  note,
  async run({ installed }) {
    const { version, modules, bin } = await getTool(tool);
    const folder = installed(tool);
    for (const command of commands(join(bin, tool), modules)) await mustInProject(folder, command);
    for (const name of readdirSync(folder)) {
      if (name !== 'built' && name !== 'node_modules') rmSync(join(folder, name), { recursive: true });
    }
    const built = { probe: join('built', 'probe.mjs'), required };
    return { version, answers: await ask(folder, [process.execPath], built) };
  },
});

const esbuild = bundler(
  'esbuild',
  '`--platform=node --format=esm --external:millrace`, the worker an entry of its own',
  (command) => {
    const options = ['--bundle', '--platform=node', '--external:millrace', '--outdir=built'];
    return [
      [command, ...entries, ...options, '--format=esm', '--out-extension:.js=.mjs'],
      [command, commonJs, ...options, '--format=cjs', '--out-extension:.js=.cjs'],
    ];
  },
);

const rollup = bundler(
  'rollup',
  "`external: ['millrace', /^node:/]`, the worker an entry of its own",
  (command) => {
    const builtins = ['assert', 'buffer', 'events', 'timers/promises', 'worker_threads'];
    const external = ['millrace', ...builtins.map((name) => `node:${name}`)];
    const options = ['--dir', 'built', '--external', external.join()];
    return [
      [
        command,
        ...entries.flatMap((entry) => ['--input', entry]),
        ...options,
        '--entryFileNames',
        '[name].mjs',
      ],
      [command, '--input', commonJs, ...options, '--format', 'cjs', '--entryFileNames', '[name].cjs'],
    ];
  },
);

/** Both read the same configuration. */
const packer = (tool, note, ...main) =>
  bundler(
    tool,
    note,
    (_, modules) => [[process.execPath, join('bundlers', 'bundle.mjs'), join(modules, ...main)]],
    join('built', 'require.mjs'),
  );

const settings = 'the settings below, the worker an entry of its own';

export const bundlers = [
  esbuild,
  rollup,
  packer('webpack', settings, 'webpack', 'lib', 'index.js'),
  packer('rspack', settings, '@rspack', 'core', 'dist', 'index.js'),
];
