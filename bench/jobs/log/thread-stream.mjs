// Lines through thread-stream, as pino's transports go: each logger has a stream, and the stream a thread that writes.
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import ThreadStream from 'thread-stream';
import { scratchFile } from '../scratch-file.mjs';
import * as job from './job.mjs';

const filename = fileURLToPath(new URL('thread-stream-writer.mjs', import.meta.url));

export async function open({ workers }) {
  const told = job.writing({ workers });
  const ends = Array.from({ length: workers }, (_, index) => {
    return { told: { ...told, path: scratchFile(`log-${index}`) } };
  });
  return job.open({ way: 'thread-stream', ends, written: told.written });
}

/** In the logger: a full stream is awaited. */
export async function join({ told }) {
  const stream = new ThreadStream({ filename, workerData: told });
  await once(stream, 'ready');
  return { line: (text) => (stream.write(text) ? undefined : once(stream, 'drain')), flush() {} };
}
