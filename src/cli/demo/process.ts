/**
 * One way of handing the file over, in a process of its own, so that its processor time and its memory are its own: this
 * is the side of the process that asks for it; child.ts is the other.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import type { Cost } from '../meter';
import type { DemoOptions } from './options';
import type { Proof } from './proof';
import type { WayName } from './ways';

export interface Order {
  readonly way: WayName;
  readonly options: DemoOptions;
}

/** What the process tells. */
export type Told =
  | { readonly kind: 'progress'; readonly bytes: number }
  | { readonly kind: 'done'; readonly cost: Cost; readonly proof: Proof }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'stopped' };

const childFile = join(__dirname, 'child.js');

/** Does the order; stops it cleanly, and then rejects, when `signal` aborts. */
export async function inOwnProcess(
  order: Order,
  signal: AbortSignal,
  progress: (bytes: number) => void,
): Promise<{ cost: Cost; proof: Proof }> {
  const child = fork(childFile, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const stop = () => child.connected && child.send('stop');
  signal.addEventListener('abort', stop, { once: true });
  const ended = once(child, 'exit');
  let last: Told | undefined;
  try {
    child.on('message', (told: Told) => {
      if (told.kind === 'progress') progress(told.bytes);
      else last = told;
    });
    child.send(order);
    await ended;
  } finally {
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
  if (last?.kind === 'done') return last;
  const reason = last?.kind === 'failed' ? last.reason : 'its process ended before it was done';
  throw new Error(reason);
}
