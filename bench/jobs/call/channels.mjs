// Calls over two millrace channels: answers come in the order of the questions, so whoever asked first is answered.
import { once } from 'node:events';
import { bounded, spawn } from 'millrace';
import { awaiting } from './calls.mjs';

const workerFile = new URL('channels-worker.mjs', import.meta.url);

export async function open(scenario) {
  const [questions, workerQuestions] = bounded(scenario.window);
  const [workerAnswers, answers] = bounded(scenario.window);
  const worker = spawn(workerFile, { rx: workerQuestions, tx: workerAnswers, size: scenario.size });
  const call = async (bytes) => {
    await questions.send(bytes);
    return answers.recv();
  };
  const close = async () => {
    const ended = once(worker, 'exit');
    questions.close();
    answers.close();
    await ended;
  };
  return awaiting(scenario, { call, close });
}
