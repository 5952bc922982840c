/** The demo's job over millrace: chunks go out through one bounded channel, what became of them comes back through another. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import {
  type BytesLike,
  ChannelClosedError,
  type Receiver,
  type RecvRef,
  type Sender,
  bounded,
  spawn,
} from '../../index';
import type { Handover } from '../handover';
import { Assembly } from './assembly';
import type { WorkerEnds } from './channels-worker';
import type { Piece } from './job';
import { HEAD_BYTES, address, chunkIn, read } from './letter';
import type { Proof } from './proof';
import { type Journey, type Way, together } from './run';
import type { Verbs } from './verbs';
import { Crew } from '../workers';

const workerFile = pathToFileURL(join(__dirname, 'channels-worker.js'));

type Jobs = Sender<BytesLike>;
type Outcomes = Receiver<Uint8Array>;

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
    try {
      const proof = await together(
        feed(journey, jobs, senders[verbs](journey, jobs)),
        collect(journey, outcomes, jobs, receivers[verbs](outcomes, journey.meter.handover)),
      );
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

/** Reads chunk `index` and sends it; answers its length, 0 after the end of the file. */
type Send = (index: number) => Promise<number>;

const senders: Record<Verbs, (journey: Journey, jobs: Jobs) => Send> = {
  blocking: inPlace,
  refs: inPlace,
  plain({ source, options, meter }, jobs) {
    const memory = new Uint8Array(HEAD_BYTES + options.chunk);
    return async (index) => {
      const length = await source.read(index, chunkIn(memory));
      if (length === 0) return 0;
      address(memory, index);
      await meter.handover.time(() => jobs.send(memory.subarray(0, HEAD_BYTES + length)));
      return length;
    };
  },
};

function inPlace({ source, options, meter }: Journey, jobs: Jobs): Send {
  return async (index) => {
    const ref = meter.handover.time(() => jobs.sendRef(HEAD_BYTES + options.chunk));
    const letter = meter.handover.time(() => ref.bytes);
    const length = await source.read(index, chunkIn(letter));
    if (length === 0) {
      ref[Symbol.dispose]();
      return 0;
    }
    address(letter, index);
    await meter.handover.time(() => ref.send(HEAD_BYTES + length));
    return length;
  };
}

/** The next letter of a worker, lent until the next step, or kept; nothing once all workers have gone. */
interface Incoming {
  next(): Promise<Uint8Array | undefined>;
  /** The letter that came last is needed for longer. */
  keep(letter: Uint8Array): Uint8Array;
}

const receivers: Record<Verbs, (outcomes: Outcomes, handover: Handover) => Incoming> = {
  blocking: lent,
  refs: lent,
  plain: kept,
};

function kept(outcomes: Outcomes, handover: Handover): Incoming {
  const letters = outcomes[Symbol.asyncIterator]();
  return {
    next: async () => {
      const { done, value } = await handover.time(() => letters.next());
      return done ? undefined : value;
    },
    keep: (letter) => letter,
  };
}

function lent(outcomes: Outcomes, handover: Handover): Incoming {
  let ref: RecvRef | undefined;
  return {
    async next() {
      handover.time(() => ref?.[Symbol.dispose]());
      ref = undefined;
      try {
        const next = await handover.time(() => outcomes.recvRef());
        ref = next;
        return handover.time(() => next.bytes);
      } catch (error) {
        if (!(error instanceof ChannelClosedError)) throw error;
        return undefined;
      }
    },
    keep: (letter) => letter.slice(),
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
          assembly.add(assembly.isNext(told.index) ? told : pieceIn(incoming.keep(letter)));
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
