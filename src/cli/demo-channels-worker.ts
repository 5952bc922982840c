/** One worker of the demo over millrace: blocks for a job, does it, sends the outcome, until the jobs are closed. */
import { workerData } from 'node:worker_threads';

import { ChannelClosedError, type Receiver, type Sender, type Transferred, attach } from '../index';
import { Frame } from './frame';
import { Handover } from './handover';
import { type Job, perform } from './job';
import { type Outcome, outcomeCodec } from './outcome';

export interface WorkerEnds {
  readonly worker: number;
  readonly job: Job;
  /** Bytes of the longest chunk. */
  readonly chunk: number;
  readonly jobs: Receiver<Uint8Array>;
  readonly outcomes: Sender<Outcome>;
}

function work({ worker, job, chunk, jobs, outcomes }: WorkerEnds): void {
  const handover = new Handover();
  const frame = new Frame(chunk);
  try {
    for (
      let length = take(jobs, frame, handover);
      length !== undefined;
      length = take(jobs, frame, handover)
    ) {
      const received = frame.read(length);
      const piece = perform(job, received.index, received.chunk);
      give(outcomes, { kind: 'chunk', ...piece }, handover);
    }
    outcomes.sendSync({ kind: 'done', worker, handover: handover.milliseconds });
  } catch (error) {
    // Nobody takes outcomes any more: the demo was stopped.
    if (error instanceof ChannelClosedError) return;
    outcomes.sendSync({ kind: 'failed', worker, reason: String(error) });
  }
}

/** Takes the next job: its length, nothing once the channel is closed. Only what does not wait is timed. */
function take(jobs: Receiver<Uint8Array>, { memory }: Frame, handover: Handover): number | undefined {
  try {
    const length = handover.time(() => jobs.tryRecvInto(memory));
    return length === -1 ? jobs.recvIntoSync(memory) : length;
  } catch (error) {
    if (error instanceof ChannelClosedError) return undefined;
    throw error;
  }
}

/** Sends an outcome. Only what does not wait is timed. */
function give(outcomes: Sender<Outcome>, outcome: Outcome, handover: Handover): void {
  if (!handover.time(() => outcomes.trySend(outcome))) outcomes.sendSync(outcome);
}

work(attach(workerData as Transferred<WorkerEnds>, { codecs: [outcomeCodec] }));
