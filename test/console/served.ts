// A process with a console, for a test.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { ChannelSnapshot } from '../../dist/console/snapshot.js';

const fixture = fileURLToPath(new URL('fixtures/process.mjs', import.meta.url));

export interface Served {
  readonly url: string;
  readonly process: ChildProcess;
  snapshot(): Promise<ChannelSnapshot[]>;
  [Symbol.dispose](): void;
}

/** Starts it, with so many channels besides. */
export async function serve(channels = 0, env: Record<string, string> = {}): Promise<Served> {
  const child = fork(fixture, [String(channels)], { env: { ...process.env, ...env } });
  const [url] = (await once(child, 'message')) as [string];
  return {
    url,
    process: child,
    async snapshot() {
      const answer = await fetch(`${url}snapshot.json`);
      return ((await answer.json()) as { channels: ChannelSnapshot[] }).channels;
    },
    [Symbol.dispose]: () => void child.kill('SIGKILL'),
  };
}

/** Asks again until it is so. */
export async function eventually<T>(ask: () => Promise<T>, isSo: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (isSo(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
