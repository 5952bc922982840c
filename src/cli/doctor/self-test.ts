/** The installation put to use: a message through a worker and back, and the end of a worker that is blocked. */
import { once } from 'node:events';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';

import { Code, binding, outcome } from '../../border/binding';
import { copies } from '../../border/external-memory';
import { type Receiver, type Sender, type SoleReceiver, bounded, spawn } from '../../index';

export interface SelfTest {
  readonly handOver: Result;
  /** Of a worker that is blocked in `recvSync`. */
  readonly terminate: Result;
}

interface Result {
  readonly isWell: boolean;
  /** What went wrong, in words. */
  readonly failed?: string;
}

const well: Result = { isWell: true };
const failed = (words: string): Result => ({ isWell: false, failed: words });

/** What the worker gets. */
export interface Ends {
  readonly questions: Receiver<string>;
  readonly answers: Sender<string>;
}

/** Milliseconds for each step: far more than a machine needs on which anything works. */
const patience = 20_000;
const question = 'millrace';

export async function testHere(): Promise<SelfTest> {
  const [tx, questions] = bounded(1, { codec: 'text', label: 'doctor: questions' });
  const [answers, rx] = bounded(1, { codec: 'text', label: 'doctor: answers' });
  const worker = spawn(join(__dirname, 'self-test-worker.js'), { questions, answers } satisfies Ends);
  const trouble = new AbortController();
  worker.on('error', (error: unknown) => trouble.abort(error));
  try {
    await handOver(tx, rx, trouble.signal);
    return { handOver: well, terminate: await endBlocked(worker, tx) };
  } catch (error) {
    await worker.terminate();
    const why = error instanceof Error ? error.message : String(error);
    return {
      handOver: failed(`A message handed to a worker did not come back: ${why}`),
      terminate: failed('Whether a blocked worker can be ended is not known: none was there to be blocked.'),
    };
  } finally {
    tx.close();
    rx.close();
  }
}

async function handOver(tx: Sender<string>, rx: SoleReceiver<string>, signal: AbortSignal): Promise<void> {
  const wait = { signal, timeout: patience };
  if (!(await tx.send(question, wait))) throw new Error('it was not taken in time');
  const answer = await rx.recv(wait);
  if (answer === undefined) throw new Error('no answer came in time');
  if (answer !== question) throw new Error(`'${question}' became '${answer}'`);
}

/** The worker waits for a question that never comes. */
async function endBlocked(worker: Worker, tx: Sender<string>): Promise<Result> {
  const signal = AbortSignal.timeout(patience);
  while (tx.stats().waitingReceivers === 0) {
    if (signal.aborted) return failed('A worker did not begin to wait for a message in time.');
    await nextTurn();
  }
  const ended = once(worker, 'exit', { signal });
  void worker.terminate();
  try {
    await ended;
    return well;
  } catch {
    // This process is to end without it.
    worker.unref();
    return failed('A worker that waits for a message could not be ended by terminate().');
  }
}

/** Whether the runtime lets JavaScript have native memory. */
export function lendsMemory(): boolean {
  if (copies) return false;
  binding.createLatest(8, undefined, '');
  const ends = outcome.slice(0, 2);
  const lent = binding.slotBuffer(ends[0] as number);
  for (const end of ends) binding.close(end);
  return lent !== Code.nothing;
}
