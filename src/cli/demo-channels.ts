/** The demo's job over millrace: chunks go out through one bounded channel, outcomes come back through another. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { type Receiver, type Sender, bounded, spawn } from '../index';
import { Assembly } from './assembly';
import { Crew } from './workers';
import type { WorkerEnds } from './demo-channels-worker';
import { Frame } from './frame';
import { type Journey, type Way, together } from './run';
import { type Outcome, outcomeCodec } from './outcome';
import type { Proof } from './proof';

const workerFile = pathToFileURL(join(__dirname, 'demo-channels-worker.js'));

export const throughChannels: Way = async (run) => {
  const { options, signal } = run;
  const [jobs, workerJobs] = bounded(options.capacity, { label: 'jobs' });
  const [workerOutcomes, outcomes] = bounded(options.capacity, { codec: outcomeCodec, label: 'outcomes' });
  const workers = new Crew();
  for (let worker = 0; worker < options.workers; worker++) {
    const { job, chunk } = options;
    const ends = { worker, job, chunk, jobs: workerJobs.clone(), outcomes: workerOutcomes.clone() };
    workers.add(spawn<WorkerEnds>(workerFile, ends));
  }
  // The workers have theirs. An end kept here would keep its channel open for ever.
  workerJobs.close();
  workerOutcomes.close();

  // Workers that cannot send any more end, and the feeding sees for itself.
  const stop = () => {
    if (!outcomes.isClosed) outcomes.cancel();
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const proof = await together(feed(run, jobs), collect(run, outcomes, jobs));
    signal.throwIfAborted();
    return proof;
  } catch (error) {
    // That a channel is closed follows from what has happened; say what has happened.
    signal.throwIfAborted();
    throw workers.failure ?? error;
  } finally {
    signal.removeEventListener('abort', stop);
    await workers.ended();
  }
};

/** Sends every chunk, waiting whenever the channel is full; closing the last sender lets the workers end. */
async function feed({ source, options, meter, signal }: Journey, jobs: Sender<Uint8Array>): Promise<void> {
  const frame = new Frame(options.chunk);
  try {
    for (let index = 0; ; index++) {
      signal.throwIfAborted();
      const length = await source.read(index, frame.chunk);
      if (length === 0) return;
      const message = frame.write(index, length);
      await meter.handover.time(() => jobs.send(message));
    }
  } finally {
    jobs.close();
  }
}

/** Takes what comes back until every worker has gone, which closes the channel. */
async function collect(run: Journey, outcomes: Receiver<Outcome>, jobs: Sender<Uint8Array>): Promise<Proof> {
  const { options, meter, progress } = run;
  const assembly = new Assembly(options.job);
  const incoming = outcomes[Symbol.asyncIterator]();
  try {
    for (;;) {
      meter.seeQueued(jobs.stats().bytes + outcomes.stats().bytes);
      const { done, value } = await meter.handover.time(() => incoming.next());
      if (done) return assembly.finish();
      switch (value.kind) {
        case 'chunk':
          assembly.add(value);
          progress(assembly.bytes);
          break;
        case 'done':
          meter.handover.add(value.handover);
          break;
        case 'failed':
          throw new Error(`Worker ${value.worker}: ${value.reason}`);
      }
    }
  } finally {
    outcomes.close();
  }
}
