/** One worker of the demo over millrace: takes jobs until there are no more, does each, and sends what became of it. */
import { workerData } from 'node:worker_threads';

import {
  type BytesLike,
  ChannelClosedError,
  type Receiver,
  type SendRef,
  type Sender,
  type Transferred,
  alloc,
  attach,
} from '../../../index';
import { Handover } from '../../handover';
import { type Job, type Piece, perform } from '../job';
import { HEAD_BYTES, address, chunkIn, failure, indexOf, sign } from './letter';
import type { Verbs } from '../verbs';

export interface WorkerEnds {
  readonly verbs: Verbs;
  readonly job: Job;
  readonly jobs: Receiver<Uint8Array>;
  readonly outcomes: Sender<BytesLike>;
}

const { verbs, job, jobs, outcomes } = attach(workerData as Transferred<WorkerEnds>);
const handover = new Handover();

/** Each takes and gives by its own verbs until the jobs are closed. */
const parts: Record<Verbs, () => void | Promise<void>> = {
  blocking,
  refs,
  transfer: () => letters(true),
  plain: () => letters(false),
};

/** Only what does not wait is timed. */
function blocking(): void {
  for (;;) {
    const ref = handover.time(() => jobs.tryRecvRef()) ?? jobs.recvRefSync();
    const piece = work(handover.time(() => ref.bytes));
    if (piece === undefined) {
      if (!handover.time(() => ref.tryForward(outcomes))) ref.forwardSync(outcomes);
      continue;
    }
    const answer = written(piece);
    if (!handover.time(() => answer.trySend())) answer.sendSync();
    handover.time(() => ref[Symbol.dispose]());
  }
}

async function refs(): Promise<void> {
  const refs = jobs.refs()[Symbol.asyncIterator]();
  for (;;) {
    const { done, value: ref } = await handover.time(() => refs.next());
    if (done === true) return;
    const piece = work(handover.time(() => ref.bytes));
    if (piece === undefined) {
      await handover.time(() => ref.forward(outcomes));
      continue;
    }
    const answer = written(piece);
    await handover.time(() => answer.send());
  }
}

async function letters(transfer: boolean): Promise<void> {
  const letters = jobs[Symbol.asyncIterator]();
  for (;;) {
    const { done, value: letter } = await handover.time(() => letters.next());
    if (done === true) return;
    const piece = work(letter);
    const answer = piece === undefined ? letter : letterOf(piece, transfer);
    await handover.time(() => outcomes.send(answer, { transfer }));
  }
}

/** Does the job on the chunk of a letter, and writes its digest there; the piece, if it is not the chunk itself. */
function work(letter: Uint8Array): Piece | undefined {
  const chunk = chunkIn(letter);
  const piece = perform(job, indexOf(letter), chunk);
  sign(letter, piece.digest, handover.take());
  return piece.bytes === chunk ? undefined : piece;
}

/** A letter about a piece, in memory that goes to the other thread. */
function written(piece: Piece): SendRef {
  const ref = handover.time(() => outcomes.sendRef(HEAD_BYTES + piece.bytes.length));
  fill(
    handover.time(() => ref.bytes),
    piece,
  );
  return ref;
}

function letterOf(piece: Piece, moves: boolean): Uint8Array {
  const length = HEAD_BYTES + piece.bytes.length;
  const letter = moves ? handover.time(() => alloc(length)) : new Uint8Array(length);
  fill(letter, piece);
  return letter;
}

function fill(letter: Uint8Array, { index, digest, bytes }: Piece): void {
  address(letter, index);
  sign(letter, digest, handover.take());
  letter.set(bytes, HEAD_BYTES);
}

async function untilClosed(): Promise<void> {
  try {
    await parts[verbs]();
  } catch (error) {
    // There are no more jobs, or nobody takes outcomes any more: the demo is over, or was stopped.
    if (!(error instanceof ChannelClosedError)) outcomes.sendSync(failure(error));
  }
}

void untilClosed().finally(() => {
  jobs.close();
  outcomes.close();
});
