/** The demo's job over millrace: chunks go out through one bounded channel, what became of them comes back through another. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { bounded, spawn } from '../../../index';
import { Crew } from '../../workers';
import type { WorkerEnds } from './channels-worker';
import { type Incoming, type Jobs, type Outcomes, type Send, handsOf } from './hands';
import { type Told, read } from './letter';
import type { Journey, Way } from '../run';
import { Times } from '../times';
import type { Verbs } from '../verbs';

const workerFile = pathToFileURL(join(__dirname, 'channels-worker.js'));

/** Hands the file over by these verbs. */
export function throughChannels(verbs: Verbs): Way {
  return async (journey) => {
    const { options, signal, meter } = journey;
    const [jobs, workerJobs] = bounded(options.capacity, { label: 'jobs' });
    const [workerOutcomes, outcomes] = bounded(options.capacity, { label: 'outcomes' });
    const crew = new Crew();
    for (let worker = 0; worker < options.workers; worker++) {
      const ends = { verbs, job: options.job, jobs: workerJobs.clone(), outcomes: workerOutcomes.clone() };
      crew.add(spawn<WorkerEnds>(workerFile, ends));
    }
    // The workers have theirs. An end kept here would keep its channel open for ever.
    workerJobs.close();
    workerOutcomes.close();

    // Workers that cannot send any more end, and the feeding sees for itself.
    const stop = () => {
      if (!outcomes.isClosed) outcomes.cancel();
    };
    signal.addEventListener('abort', stop, { once: true });
    meter.queued = () => (jobs.isClosed ? 0 : jobs.stats().bytes + outcomes.stats().bytes);
    const { send, incoming } = handsOf(verbs, journey, jobs, outcomes);
    const times = new Times<Told>(journey);
    try {
      const [given, taken] = await Promise.allSettled([
        feed(times, jobs, send),
        collect(journey, times, outcomes, incoming),
      ]);
      if (taken.status === 'rejected') throw taken.reason;
      if (given.status === 'rejected') throw given.reason;
    } catch (error) {
      // That a channel is closed follows from what has happened; say what has happened.
      signal.throwIfAborted();
      throw crew.failure ?? error;
    } finally {
      signal.removeEventListener('abort', stop);
      await crew.ended();
    }
  };
}

/** Sends every chunk, waiting whenever the channel is full; closing the last sender lets the workers end. */
async function feed(times: Times<Told>, jobs: Jobs, send: Send): Promise<void> {
  try {
    await times.feed(send);
  } finally {
    jobs.close();
  }
}

/** Takes what comes back until every worker has gone, which closes the channel. */
async function collect(
  { meter }: Journey,
  times: Times<Told>,
  outcomes: Outcomes,
  incoming: Incoming,
): Promise<void> {
  try {
    for (;;) {
      const letter = await incoming.next();
      if (letter === undefined) return;
      const told = read(letter);
      meter.handover.add(told.handover);
      times.add(times.isNext(told.index) ? told : read(incoming.keep()));
    }
  } finally {
    times.end();
    outcomes.close();
  }
}
