// The piscina task: an answer, which is moved.
import { move, workerData } from 'piscina';
import { answer } from './answer.mjs';

export default function task(bytes) {
  return move(answer(bytes, workerData.size));
}
