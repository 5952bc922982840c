// The writer: takes what lines there are, and puts them in the file.
import { workerData } from 'node:worker_threads';
import { attach } from 'millrace';
import { Writer } from './lines.mjs';

const { rx, ...told } = attach(workerData);
const writer = new Writer(told);
for await (const lines of rx.batches(1024)) writer.write(lines);
