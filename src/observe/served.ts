/** `MILLRACE_CONSOLE=port`: the process serves a console from the moment that millrace is loaded. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

import type { LiveConsole } from '../console.js';
import { root } from '../loader/candidates.js';

/** Serves it, if the environment says so and this is the main thread. */
export function serveIfAsked(): void {
  const wanted = process.env['MILLRACE_CONSOLE'];
  if (!isMainThread || wanted === undefined || wanted === '') return;
  const say = (text: string) => process.stderr.write(`millrace console: ${text}\n`);
  // Loaded by its path: it is no part of what every thread loads.
  const { serveConsole } = createRequire(__filename)(join(root, 'dist', 'console.js')) as {
    serveConsole(options: { port: number }): Promise<LiveConsole>;
  };
  serveConsole({ port: Number(wanted) }).then(
    ({ url }) => say(url),
    (error: unknown) => say(`not served on MILLRACE_CONSOLE=${wanted}: ${String(error)}`),
  );
}
