/** Loaded into a thread that `spawn` starts, before its own code: the tickets that it was given are its own. */
import { workerData } from 'node:worker_threads';

import { adopt } from './transfer.js';

try {
  adopt(workerData);
} catch {
  // A worker of a worker, whose data are none of ours: `attach` says what is wrong with them.
}
