// Rows: the test runners, in their default configuration, those of this repository's node_modules.
import { join } from 'node:path';
import { root } from '../steps.mjs';
import { answerOf } from './answers.mjs';
import { inProject } from './project.mjs';
import { versionIn } from './tools.mjs';

const modules = join(root, 'node_modules');
const suites = {
  require: 'parts.test.js',
  import: 'import.test.mjs',
  'hand-over': 'parts.test.js',
  terminate: 'parts.test.js',
};

/** Runs each test alone and looks for its name among those that have passed. */
async function answers(folder, runner, of = Object.keys(suites)) {
  const found = {};
  for (const part of Object.keys(suites)) {
    if (!of.includes(part)) found[part] = '–';
    else {
      const command = [process.execPath, ...runner, '-t', part, join('suites', suites[part])];
      found[part] = answerOf(await inProject(folder, command), new RegExp(`✓ (.* > )?${part}( |$)`, 'm'));
    }
  }
  return found;
}

const jest = {
  name: 'Jest',
  note: 'default configuration',
  async run({ installed }) {
    const folder = installed('jest');
    const runner = [join(modules, 'jest', 'bin', 'jest.js'), '--verbose', '--rootDir', '.'];
    return {
      version: versionIn(join(modules, 'jest')),
      answers: await answers(folder, runner, ['require', 'hand-over', 'terminate']),
    };
  },
};

const jestModules = {
  name: 'Jest (ES modules)',
  note: '`node --experimental-vm-modules`, `testMatch` with `.mjs`: as Jest wants it',
  async run({ installed }) {
    const folder = installed('jest-modules');
    const runner = ['--experimental-vm-modules', join(modules, 'jest', 'bin', 'jest.js'), '--verbose'];
    const options = ['--rootDir', '.', '--testMatch', '**/*.test.*js'];
    return {
      version: versionIn(join(modules, 'jest')),
      answers: await answers(folder, [...runner, ...options]),
    };
  },
};

const vitest = {
  name: 'Vitest',
  note: 'default configuration, with `--globals` for the tests here',
  async run({ installed }) {
    const folder = installed('vitest');
    const runner = [join(modules, 'vitest', 'vitest.mjs'), 'run', '--globals', '--reporter=verbose'];
    return { version: versionIn(join(modules, 'vitest')), answers: await answers(folder, runner) };
  },
};

export const suiteRows = [vitest, jest, jestModules];
