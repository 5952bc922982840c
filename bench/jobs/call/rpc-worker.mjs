// Serves what is asked.
import { workerData } from 'node:worker_threads';
import { attach } from 'millrace';
import { answer } from './answer.mjs';

const { responder, size } = attach(workerData);
await responder.serve((bytes) => answer(bytes, size));
responder.close();
