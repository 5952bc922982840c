/** Two workers that carry messages one way; this thread only waits. */
import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { type WayName, ways } from './ways';
import type { Span, Task } from './worker';

const workerFile = join(__dirname, 'worker.js');

export class Pair {
  readonly #sender: Worker;
  readonly #receiver: Worker;

  private constructor(sender: Worker, receiver: Worker) {
    this.#sender = sender;
    this.#receiver = receiver;
  }

  static async open(way: WayName, size: number, window: number): Promise<Pair> {
    const [sending, receiving] = ways[way].open(window);
    const start = (side: Task['side'], { ends, transferList = [] }: typeof sending): Worker => {
      const workerData: Task = { way, side, ends, size, window };
      return new Worker(workerFile, { workerData, transferList: [...transferList] });
    };
    const pair = new Pair(start('send', sending), start('receive', receiving));
    await Promise.all([answer(pair.#sender), answer(pair.#receiver)]);
    return pair;
  }

  /** Carries `count` messages: the seconds from before the first to after the last. */
  async run(count: number): Promise<number> {
    await tell(this.#receiver, count);
    const [sent, received] = await Promise.all([
      tell(this.#sender, count).then(() => answer<Span>(this.#sender)),
      answer<Span>(this.#receiver),
    ]);
    return Number(received.ended - sent.began) / 1e9;
  }

  /** Ends both workers, whatever they do. */
  async close(): Promise<void> {
    await Promise.all([this.#sender.terminate(), this.#receiver.terminate()]);
  }
}

/** Has a worker carry `count` messages; it is ready when this resolves. */
async function tell(worker: Worker, count: number): Promise<void> {
  const ready = answer(worker);
  worker.postMessage(count);
  await ready;
}

/** The next message of a worker; rejects when it fails or ends instead. */
async function answer<T>(worker: Worker): Promise<T> {
  const settled = new AbortController();
  const { signal } = settled;
  try {
    const ended = once(worker, 'exit', { signal }).then(() => {
      throw new Error('A worker ended before it answered');
    });
    // `once` rejects when the worker fails.
    const [message] = await Promise.race([once(worker, 'message', { signal }), ended]);
    return message as T;
  } finally {
    settled.abort();
  }
}
