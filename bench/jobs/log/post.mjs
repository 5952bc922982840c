// Lines over postMessage, a port for each logger, and nobody counting: the writer puts in the file what has come in a turn.
import { MessageChannel, Worker } from 'node:worker_threads';
import * as job from './job.mjs';

const writerFile = new URL('post-writer.mjs', import.meta.url);

export async function open({ workers }) {
  const told = job.writing({ workers });
  const pairs = Array.from({ length: workers }, () => new MessageChannel());
  const ports = pairs.map(({ port2 }) => port2);
  const writer = new Worker(writerFile, { workerData: { ...told, ports }, transferList: ports });
  const ends = pairs.map(({ port1 }) => ({ port: port1, transferList: [port1] }));
  return job.open({ way: 'post', ends, written: told.written, writer, end: () => writer.terminate() });
}

/** In the logger. */
export function join({ port }) {
  return { line: (text) => void port.postMessage(text), flush() {} };
}
