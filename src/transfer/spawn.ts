/** A worker with ends of channels, which go if it does. */
import { errorMonitor } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker, type WorkerOptions } from 'node:worker_threads';

import { encodeError } from '../errors/travel.js';
import { wrongType, wrongValue } from '../errors/misuse.js';
import { revoke, revokeOf, transfer } from './transfer.js';

/**
 * Starts a worker that finds `transfer(ends)` in its `workerData`. What it has not attached when it exits, or
 * when it cannot be started, is revoked, so that no channel stays open for it.
 *
 * `url` is what `new Worker` takes, or a `file:` URL as a string, such as `import.meta.url`.
 *
 * Throws what `transfer` and `new Worker` throw, and a `TypeError` where `options` has `workerData` too.
 *
 * @example
 * ```ts
 * import { isMainThread, workerData } from 'node:worker_threads';
 * import { attach, bounded, spawn, type Sender } from 'millrace';
 *
 * if (isMainThread) {
 *   const [tx, rx] = bounded(8, { codec: 'text' });
 *   spawn(import.meta.url, { out: tx });
 *   for await (const message of rx) console.log(message); // hello from a worker
 *   rx.close();
 * } else {
 *   const { out } = attach<{ out: Sender<string> }>(workerData);
 *   await out.send('hello from a worker');
 *   out.close();
 * }
 * ```
 */
export function spawn<V>(url: string | URL, ends: V, options?: WorkerOptions): Worker {
  if (typeof url !== 'string' && !(url instanceof URL)) throw wrongType('url', 'a string or a URL', url);
  if (options !== undefined && (typeof options !== 'object' || options === null)) {
    throw wrongType('options', 'an object', options);
  }
  if (options?.workerData !== undefined) {
    throw wrongValue('options.workerData', 'absent: it is what the ends become', options.workerData);
  }
  const workerData = transfer(ends);
  try {
    const worker = start(locate(url), { ...options, workerData });
    const { threadId } = worker;
    let thrown: Uint8Array | undefined;
    // Not as one who handles it: an error of the worker that nobody handles is still its owner's to hear of.
    worker.once(errorMonitor, (error: unknown) => (thrown = encodeError(error)));
    worker.once('exit', (code) => revokeOf(threadId, code, thrown, workerData));
    return worker;
  } catch (error) {
    revoke(workerData);
    throw error;
  }
}

/**
 * What runs in the thread before anything of the user's, even where its file cannot be loaded: the tickets are its own
 * from then on, and go when it ends. The `exit` event alone would come late to a thread that blocks.
 */
const preload = join(__dirname, '..', 'transfer', 'preload.js');

/** Starts a worker that loads it; runtimes that have no such options, and packages without the file, do without. */
function start(url: string | URL, options: WorkerOptions): Worker {
  const isNode = process.versions['bun'] === undefined && process.versions['deno'] === undefined;
  if (!isNode || !existsSync(preload)) return new Worker(url, options);
  const given = options.execArgv ?? process.execArgv;
  const loading = (flags: readonly string[]) =>
    new Worker(url, {
      ...options,
      execArgv: flags.includes(preload) ? [...flags] : [...flags, '--require', preload],
    });
  try {
    return loading(given);
  } catch (error) {
    const refused = options.execArgv === undefined ? refusedFlags(error) : [];
    if (refused.length === 0) throw error;
    // Flags of the process as a whole, such as V8's, are in force in every thread, but no worker may be given them.
    return loading(given.filter((flag) => !refused.includes(flag)));
  }
}

/** The flags that a worker may not be given, as the error for them says. */
function refusedFlags(error: unknown): string[] {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  if (code !== 'ERR_WORKER_INVALID_EXEC_ARGV') return [];
  return (String(message).split('flags: ')[1] ?? '').split(', ');
}

/** `new Worker` takes a `file:` URL as an object only. */
function locate(url: string | URL): string | URL {
  return typeof url === 'string' && url.startsWith('file:') ? new URL(url) : url;
}
