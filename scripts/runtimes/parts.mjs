// What is asked of each row.
import { answerOf, parts } from './answers.mjs';
import { inProject } from './project.mjs';

/** Runs the probes by `runner`, a command, each in a process of its own: for each part `'yes'`, or why not. */
export async function ask(folder, runner, { env, probe = 'probe.mjs', required = 'require.cjs' } = {}) {
  const answers = {};
  for (const part of parts) {
    const program = part === 'require' ? [required] : [probe, part];
    answers[part] = answerOf(
      await inProject(folder, [...runner, ...program], { env }),
      new RegExp(`^done: ${part}$`, 'm'),
    );
  }
  return answers;
}
