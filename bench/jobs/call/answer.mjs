// What is asked and answered: a question of 64 bytes has a number, and so has its answer, which may be longer.
import { check, numberOf, stamp } from '../../messages/payload.mjs';

export const QUESTION_BYTES = 64;

/** What the worker does. */
export function answer(question, answerBytes) {
  const bytes = new Uint8Array(answerBytes);
  answerInto(bytes, question);
  return bytes;
}

/** As `answer`, into memory that is there. */
export function answerInto(bytes, question) {
  const number = numberOf(question);
  check(question, number, QUESTION_BYTES);
  stamp(bytes, number);
}

/** Bytes from which on moving an answer is cheaper than copying it. */
const MOVED = 4096;

/** The transfer list of an answer: whoever copies short ones is faster. */
export function listOf(bytes) {
  return bytes.length < MOVED ? [] : [bytes.buffer];
}
