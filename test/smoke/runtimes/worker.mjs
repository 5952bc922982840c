// The worker of probe.mjs: gives every message back, blocking between them, until it is told the end or is ended.
import { workerData } from 'node:worker_threads';
import { attach } from 'millrace';
const { jobs, results } = attach(workerData);
for (const message of jobs.iterSync()) results.sendSync(message);
jobs.close();
results.close();
