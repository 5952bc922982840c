// Lines over one millrace channel of text that all loggers send to: one by one, or gathered by `batch()`; the writer
// awaits many at a time.
import { attach, bounded, spawn, transfer } from 'millrace';
import * as job from './job.mjs';

const writerFile = new URL('channels-writer.mjs', import.meta.url);

export async function open({ workers, window }, { batched }) {
  const told = job.writing({ workers });
  const [tx, rx] = bounded(window, { codec: 'text' });
  const writer = spawn(writerFile, { rx, ...told });
  const ends = Array.from({ length: workers }, () => ({ tx: transfer(tx.clone()), batched }));
  tx.close();
  return job.open({ way: 'channels', ends, written: told.written, writer, end: () => writer.terminate() });
}

/** In the logger: a full channel blocks it. */
export function join({ tx, batched }) {
  const sender = attach(tx);
  if (!batched) return { line: (text) => sender.sendSync(text), flush() {} };
  const batch = sender.batch();
  return { line: (text) => batch.sendSync(text), flush: () => batch.flushSync() };
}
