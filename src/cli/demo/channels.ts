/** The demo's job over millrace: chunks go out through one bounded channel, what became of them comes back through another. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { bounded, spawn } from '../../index';
import { Assembly } from './assembly';
import type { WorkerEnds } from './channels-worker';
import type { Piece } from './job';
import { read } from './letter';
import { type Incoming, type Jobs, type Outcomes, type Send, handsOf } from './hands';
import type { Proof } from './proof';
import { type Journey, type Way, together } from './run';
import type { Verbs } from './verbs';
import { Crew } from '../workers';

const workerFile = pathToFileURL(join(__dirname, 'channels-worker.js'));

/** Hands the file over by these verbs. */
export function throughChannels(verbs: Verbs): Way {
  return async (journey) => {
    const { options, signal } = journey;
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
    const { send, incoming } = handsOf(verbs, journey, jobs, outcomes);
    try {
      const proof = await together(feed(journey, jobs, send), collect(journey, outcomes, jobs, incoming));
      signal.throwIfAborted();
      return proof;
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
async function feed({ signal }: Journey, jobs: Jobs, send: Send): Promise<void> {
  try {
    for (let index = 0; ; index++) {
      signal.throwIfAborted();
      if ((await send(index)) === 0) return;
    }
  } finally {
    jobs.close();
  }
}

/** Takes what comes back until every worker has gone, which closes the channel. */
async function collect(
  { options, meter, progress }: Journey,
  outcomes: Outcomes,
  jobs: Jobs,
  incoming: Incoming,
): Promise<Proof> {
  const assembly = new Assembly(options.job);
  try {
    for (;;) {
      meter.seeQueued(jobs.stats().bytes + outcomes.stats().bytes);
      const letter = await incoming.next();
      if (letter === undefined) return assembly.finish();
      const told = read(letter);
      switch (told.kind) {
        case 'chunk':
          assembly.add(assembly.isNext(told.index) ? told : pieceIn(incoming.keep()));
          progress(assembly.bytes);
          break;
        case 'done':
          meter.handover.add(told.handover);
          break;
        case 'failed':
          throw new Error(`A worker failed: ${told.reason}`);
      }
    }
  } finally {
    outcomes.close();
  }
}

function pieceIn(letter: Uint8Array): Piece {
  const told = read(letter);
  if (told.kind !== 'chunk') throw new Error('Expected a letter about a chunk');
  return told;
}
