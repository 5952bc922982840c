// The piscina task: works on a chunk, and moves it back.
import { move, workerData } from 'piscina';
import { work } from './work.mjs';

export default function task(bytes) {
  work(bytes, workerData.hashed);
  return move(bytes);
}
