// Rows: a single executable, made of Node, the bundled program, and the binary and the worker as assets.
import { chmodSync, copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetchNode } from '../fetch.mjs';
import { answerOf, parts } from './answers.mjs';
import { inProject, makeProject, mustInProject } from './project.mjs';
import { getTool } from './tools.mjs';

/** What Node looks for in its own file to learn that there is a program in it. */
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

const executable = (major) => ({
  name: `Single executable (Node ${major})`,
  needs: 'network',
  on: ['linux'],
  note: 'the binary and the worker as assets, see below; modules are bundled, so there is no `import`',
  async run({ installed }) {
    const node = await fetchNode(major);
    const folder = installed(`sea-${major}`);
    await bundle(folder);
    writeFileSync(join(folder, 'sea.json'), JSON.stringify(configuration(folder)));
    await mustInProject(folder, [node, '--experimental-sea-config', 'sea.json']);
    // It runs where nothing else of the project is.
    const alone = makeProject(`sea-${major}-alone`);
    const program = join(alone, 'program');
    copyFileSync(node, program);
    chmodSync(program, 0o755);
    const { modules } = await getTool('postject');
    const inject = [join(modules, 'postject', 'dist', 'cli.js'), program, 'NODE_SEA_BLOB', 'program.blob'];
    await mustInProject(folder, [process.execPath, ...inject, '--sentinel-fuse', fuse]);
    const ran = await inProject(alone, [program]);
    const answers = parts.map((part) => [
      part,
      part === 'import' ? '–' : answerOf(ran, new RegExp(`^done: ${part}$`, 'm')),
    ]);
    const version = (await mustInProject(folder, [node, '--version'])).trim().slice(1);
    return { version, answers: Object.fromEntries(answers) };
  },
});

/** millrace's JavaScript goes into both files. */
async function bundle(folder) {
  const { bin } = await getTool('esbuild');
  const entries = [join('sea', 'main.cjs'), 'worker.mjs'];
  const options = ['--bundle', '--platform=node', '--format=cjs', '--outdir=built', '--entry-names=[name]'];
  await mustInProject(folder, [join(bin, 'esbuild'), ...entries, ...options, '--out-extension:.js=.cjs']);
}

function configuration(folder) {
  const modules = join(folder, 'node_modules');
  const platform = readdirSync(modules).find((name) => name.startsWith('millrace-'));
  const binary = readdirSync(join(modules, platform)).find((name) => name.endsWith('.node'));
  return {
    main: join('built', 'main.cjs'),
    output: 'program.blob',
    disableExperimentalSEAWarning: true,
    assets: {
      'millrace.node': join(modules, platform, binary),
      'worker.cjs': join('built', 'worker.cjs'),
    },
  };
}

export const executables = [executable(20), executable(24)];
