// Starts the worker that it is told to, and prints what comes.
import { bounded, spawn } from 'millrace';

const [tx, rx] = bounded(64, { codec: 'text' });
const worker = spawn(new URL(process.argv[2]!, import.meta.url), { tx });
worker.on('error', (error: Error & { code?: string }) => console.log(error.code));
for await (const line of rx) console.log(line);
console.log('closed');
