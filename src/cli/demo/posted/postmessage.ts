/**
 * The demo's job over postMessage: buffers are moved by transfer list, and used again when they come back, which is its best,
 * or made anew for each chunk, as it is mostly written. No more chunks are under way at once than the two channels, the
 * workers' hands and this thread hold when the job goes over millrace.
 */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import type { DemoOptions } from '../options';
import type { Reply, Request, ReturnedPiece, WorkerTask } from './postmessage-worker';
import type { Journey, Way } from '../run';
import { Times } from '../times';

const workerFile = join(__dirname, 'postmessage-worker.js');

/** Hands the file over in buffers that come back, or in `fresh` ones. */
export function throughMessages(fresh: boolean): Way {
  return async (run) => {
    const { options, signal, meter } = run;
    const times = new Times<ReturnedPiece>(run);
    const workers = new Crew(options, (reply) => {
      meter.handover.add(reply.handover);
      const placed = times.add(reply.piece);
      if (!fresh) for (const { buffer } of placed) workers.recycle(buffer);
    });
    workers.onFailure = (reason) => times.end(reason);
    meter.queued = () => workers.bytesUnderWay;
    const stop = () => workers.fail(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    try {
      await times.feed((index) => send(run, workers, index));
    } finally {
      signal.removeEventListener('abort', stop);
      await workers.terminate();
    }
  };
}

/** Reads chunk `index` and posts it; answers its length, 0 after the end of the file. */
async function send({ source, options, meter }: Journey, workers: Crew, index: number): Promise<number> {
  const buffer = workers.spareBuffer() ?? new ArrayBuffer(options.chunk);
  const length = await source.read(index, new Uint8Array(buffer));
  if (length === 0) return 0;
  const worker = await workers.room();
  meter.handover.time(() => workers.post(worker, { index, chunk: new Uint8Array(buffer, 0, length) }));
  return length;
}

interface Member {
  readonly worker: Worker;
  underWay: number;
}

/** The workers, what is under way to and from them, and buffers to use again. */
class Crew {
  bytesUnderWay = 0;
  /** Why nothing comes back any more. */
  onFailure: (reason: unknown) => void = () => undefined;

  readonly #members: Member[] = [];
  readonly #perWorker: number;
  readonly #spare: ArrayBuffer[] = [];
  #roomCame: () => void = () => undefined;
  #failure: { readonly reason: unknown } | undefined;
  readonly #onReply: (reply: Reply) => void;

  constructor({ workers, capacity, job }: DemoOptions, onReply: (reply: Reply) => void) {
    this.#onReply = onReply;
    this.#perWorker = Math.ceil((2 * capacity) / workers) + 2;
    for (let n = 0; n < workers; n++) {
      const workerData: WorkerTask = { job };
      const member = { worker: new Worker(workerFile, { workerData }), underWay: 0 };
      member.worker.on('message', (reply: Reply) => this.#take(member, reply));
      member.worker.on('error', (error) => this.fail(error));
      this.#members.push(member);
    }
  }

  /** The worker with the least to do, once it has room. */
  async room(): Promise<Member> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.reason;
      const idlest = this.#members.reduce((one, other) => (other.underWay < one.underWay ? other : one));
      if (idlest.underWay < this.#perWorker) return idlest;
      await new Promise<void>((resolve) => {
        this.#roomCame = resolve;
      });
    }
  }

  post(member: Member, request: Request): void {
    member.underWay += 1;
    this.bytesUnderWay += request.chunk.length;
    member.worker.postMessage(request, [request.chunk.buffer]);
  }

  spareBuffer(): ArrayBuffer | undefined {
    return this.#spare.pop();
  }

  /** The next chunk can have this buffer. */
  recycle(buffer: ArrayBuffer): void {
    this.#spare.push(buffer);
  }

  fail(reason: unknown): void {
    this.#failure ??= { reason };
    this.#roomCame();
    this.onFailure(this.#failure.reason);
  }

  async terminate(): Promise<void> {
    await Promise.all(this.#members.map(({ worker }) => worker.terminate()));
  }

  #take(member: Member, reply: Reply): void {
    if (this.#failure !== undefined) return;
    member.underWay -= 1;
    this.bytesUnderWay -= reply.length;
    try {
      this.#onReply(reply);
    } catch (error) {
      return this.fail(error);
    }
    this.#roomCame();
  }
}
