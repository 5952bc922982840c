// Calls over two millrace channels: answers come in the order of the questions, so whoever asked first is answered.
// `inPlace`: an answer is made and read where it lies, and its memory used again.
import { once } from 'node:events';
import { bounded, spawn } from 'millrace';
import { awaiting } from './calls.mjs';

const workerFile = new URL('channels-worker.mjs', import.meta.url);

export async function open(scenario, { inPlace }) {
  const { window, size } = scenario;
  const [questions, workerQuestions] = bounded(window);
  const [workerAnswers, answers] = bounded(window);
  const worker = spawn(workerFile, { rx: workerQuestions, tx: workerAnswers, size, inPlace });
  const call = async (bytes) => {
    await questions.send(bytes);
    return inPlace ? answers.recvRef() : answers.recv();
  };
  const close = async () => {
    const ended = once(worker, 'exit');
    questions.close();
    answers.close();
    await ended;
  };
  if (!inPlace) return awaiting(scenario, { call, close });
  return awaiting(scenario, {
    call,
    close,
    bytesOf: (ref) => ref.bytes,
    release: (ref) => ref[Symbol.dispose](),
  });
}
