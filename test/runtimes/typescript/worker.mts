// Says hello, in TypeScript.
import { workerData } from 'node:worker_threads';

import { attach, type Sender } from 'millrace';

const { tx } = attach<{ tx: Sender<string> }>(workerData);
await tx.send('hello' satisfies string);
