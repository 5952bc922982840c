// The object that comlink shows to the other thread; a long answer is moved.
import { parentPort, workerData } from 'node:worker_threads';
import { expose, transfer } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter.js';
import { answer, listOf } from './answer.mjs';

expose(
  {
    answer(bytes) {
      const reply = answer(bytes, workerData.size);
      return transfer(reply, listOf(reply));
    },
  },
  nodeEndpoint(parentPort),
);
