// The piscina task: an answer, which is moved where it is long.
import { move, workerData } from 'piscina';
import { answer, listOf } from './answer.mjs';

export default function task(bytes) {
  const reply = answer(bytes, workerData.size);
  return listOf(reply).length > 0 ? move(reply) : reply;
}
