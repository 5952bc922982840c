/**
 * The demo's job over postMessage: buffers are moved by transfer list, and used again when they come back, which is its best,
 * or made anew for each chunk, as it is mostly written. No more chunks are under way at once than the two channels, the
 * workers' hands and this thread hold when the job goes over millrace.
 */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import type { DemoOptions } from './options';
import { Assembly } from './assembly';
import type { Reply, Request, ReturnedPiece, WorkerTask } from './postmessage-worker';
import { type Journey, type Way, together } from './run';
import type { Proof } from './proof';

const workerFile = join(__dirname, 'postmessage-worker.js');

/** Hands the file over in buffers that come back, or in `fresh` ones. */
export function throughMessages(fresh: boolean): Way {
  return async (run) => {
    const workers = new Crew(run.options);
    const stop = () => workers.fail(run.signal.reason);
    run.signal.addEventListener('abort', stop, { once: true });
    try {
      return await together(feed(run, workers), collect(run, workers, fresh));
    } finally {
      run.signal.removeEventListener('abort', stop);
      await workers.terminate();
    }
  };
}

async function feed({ source, options, meter }: Journey, workers: Crew): Promise<void> {
  try {
    for (let index = 0; ; index++) {
      const buffer = workers.spareBuffer() ?? new ArrayBuffer(options.chunk);
      const length = await source.read(index, new Uint8Array(buffer));
      if (length === 0) return workers.finish();
      const worker = await workers.room();
      meter.handover.time(() => workers.post(worker, { index, chunk: new Uint8Array(buffer, 0, length) }));
      meter.seeQueued(workers.bytesUnderWay);
    }
  } catch (error) {
    workers.fail(error);
    throw error;
  }
}

function collect({ options, meter, progress }: Journey, workers: Crew, fresh: boolean): Promise<Proof> {
  const assembly = new Assembly<ReturnedPiece>(options.job);
  return new Promise((resolve, reject) => {
    workers.onEnd = (error) => {
      if (error !== undefined) return reject(error);
      try {
        resolve(assembly.finish());
      } catch (gap) {
        reject(gap);
      }
    };
    workers.onReply = (reply) => {
      meter.handover.add(reply.handover);
      const placed = assembly.add(reply.piece);
      if (!fresh) for (const { buffer } of placed) workers.recycle(buffer);
      progress(assembly.bytes);
    };
  });
}

interface Member {
  readonly worker: Worker;
  underWay: number;
}

/** The workers, what is under way to and from them, and buffers to use again. */
class Crew {
  bytesUnderWay = 0;
  onReply: (reply: Reply) => void = () => undefined;
  /** Everything has come back, or the reason why it will not. */
  onEnd: (error?: unknown) => void = () => undefined;

  readonly #members: Member[] = [];
  readonly #perWorker: number;
  readonly #spare: ArrayBuffer[] = [];
  #roomCame: () => void = () => undefined;
  #failure: { readonly reason: unknown } | undefined;
  #fed = false;

  constructor({ workers, capacity, job }: DemoOptions) {
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

  /** Nothing more will be posted. */
  finish(): void {
    this.#fed = true;
    this.#endWhenAllIsBack();
  }

  fail(reason: unknown): void {
    this.#failure ??= { reason };
    this.#roomCame();
    this.onEnd(this.#failure.reason);
  }

  async terminate(): Promise<void> {
    await Promise.all(this.#members.map(({ worker }) => worker.terminate()));
  }

  #take(member: Member, reply: Reply): void {
    if (this.#failure !== undefined) return;
    member.underWay -= 1;
    this.bytesUnderWay -= reply.length;
    try {
      this.onReply(reply);
    } catch (error) {
      return this.fail(error);
    }
    this.#roomCame();
    this.#endWhenAllIsBack();
  }

  #endWhenAllIsBack(): void {
    if (this.#fed && this.#members.every(({ underWay }) => underWay === 0)) this.onEnd();
  }
}
