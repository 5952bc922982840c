/** `millrace/console`: a page that shows the process's channels live. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import type { ServerAnswer, ServerData } from './console/server.js';
import { outOfRange, readKeys, wrongType } from './errors/misuse.js';

/**
 * Where the console listens.
 *
 * @example
 * ```ts
 * import { serveConsole, type ConsoleOptions } from 'millrace/console';
 *
 * const options: ConsoleOptions = { port: 0 };
 * const live = await serveConsole(options);
 * console.log(live.host); // 127.0.0.1
 * await live.close();
 * ```
 */
export interface ConsoleOptions {
  /** The port, 0 to 65535; 0, the default, takes a free one. */
  port?: number;
  /** The address, `127.0.0.1` by default: whoever can reach it can see labels, figures and traced stacks. */
  host?: string;
}

/**
 * A console that listens.
 *
 * @example
 * ```ts
 * import { serveConsole } from 'millrace/console';
 *
 * const live = await serveConsole();
 * const { channels } = (await (await fetch(`${live.url}snapshot.json`)).json()) as { channels: unknown[] };
 * console.log(channels.length); // 0
 * await live.close();
 * ```
 */
export interface LiveConsole {
  /** What to open in a browser. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Stops listening; resolves when it has. Again does nothing. */
  close(): Promise<void>;
  /** As {@link LiveConsole.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Serves a page that draws the process live: threads as boxes, channels as pipes between them with their fill, rate and
 * waits, and what stands still first. `/snapshot.json` and `/metrics` (OpenMetrics) have the same figures. It runs in
 * a thread of its own, so that it answers while others are blocked, keeps no process alive, and changes nothing.
 * `MILLRACE_CONSOLE=port` in the environment starts it without a line of code.
 *
 * Rejects with what `listen` fails with (`EADDRINUSE`), and throws a `RangeError` for a port out of range, a
 * `TypeError` for options of another type.
 *
 * @example
 * ```ts
 * import { bounded } from 'millrace';
 * import { serveConsole } from 'millrace/console';
 *
 * const live = await serveConsole();
 * const [tx, rx] = bounded(8, { label: 'jobs', codec: 'text' });
 * tx.trySend('one');
 * const shown = await fetch(`${live.url}metrics`).then((response) => response.text());
 * console.log(/^millrace_length\{.*label="jobs"\} 1$/m.test(shown)); // true
 * tx.close();
 * rx.close();
 * await live.close();
 * ```
 */
export async function serveConsole(options?: ConsoleOptions): Promise<LiveConsole> {
  const { port = 0, host = '127.0.0.1' } = readKeys('options', options, ['port', 'host']);
  if (typeof port !== 'number') throw wrongType('options.port', 'a number', port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw outOfRange('options.port', 'an integer from 0 to 65535', port);
  }
  if (typeof host !== 'string') throw wrongType('options.host', 'a string', host);
  const worker = new Worker(join(__dirname, 'console', 'server.js'), {
    name: 'millrace console',
    workerData: { port, host } satisfies ServerData,
    execArgv: [],
  });
  const answer = await new Promise<ServerAnswer>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the console's thread ended with code ${code}`)));
  });
  if ('error' in answer) {
    await worker.terminate();
    throw Object.assign(new Error(answer.error), { code: answer.code });
  }
  worker.unref();
  const close = async () => void (await worker.terminate());
  const shown = host.includes(':') ? `[${host}]` : host;
  const url = `http://${shown}:${answer.port}/`;
  return { url, host, port: answer.port, close, [Symbol.asyncDispose]: close };
}
