// Answers each question that comes, one after the other.
import { workerData } from 'node:worker_threads';
import { attach } from 'millrace';
import { answer } from './answer.mjs';

const { rx, tx, size } = attach(workerData);
for await (const bytes of rx) await tx.send(answer(bytes, size));
tx.close();
