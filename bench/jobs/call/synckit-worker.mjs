// What synckit runs in its worker.
import { runAsWorker } from 'synckit';
import { answer } from './answer.mjs';

runAsWorker(async (bytes, size) => answer(bytes, size));
