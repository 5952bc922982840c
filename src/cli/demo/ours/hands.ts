/** By which verbs the demo's main thread gives chunks to its workers, and takes what became of them. */
import { type BytesLike, type Receiver, type RecvRef, type Sender, alloc } from '../../../index';
import type { Handover } from '../../handover';
import { HEAD_BYTES, address, chunkIn } from './letter';
import type { Journey } from '../run';
import type { Verbs } from '../verbs';

export type Jobs = Sender<BytesLike>;
export type Outcomes = Receiver<Uint8Array<ArrayBuffer>>;

/** Reads chunk `index` and sends it; answers its length, 0 after the end of the file. */
export type Send = (index: number) => Promise<number>;

/** What the workers send. */
export interface Incoming {
  /** The next letter, there until the next step unless it is kept; nothing once all workers have gone. */
  next(): Promise<Uint8Array | undefined>;
  /** The letter that came last, for longer. */
  keep(): Uint8Array;
}

interface Hands {
  readonly send: Send;
  readonly incoming: Incoming;
}

export function handsOf(verbs: Verbs, journey: Journey, jobs: Jobs, outcomes: Outcomes): Hands {
  switch (verbs) {
    case 'blocking':
    case 'refs':
      return { send: inPlace(journey, jobs), incoming: lent(outcomes, journey.meter.handover) };
    case 'transfer':
      return moved(journey, jobs, outcomes);
    case 'plain':
      return { send: copied(journey, jobs), incoming: owned(outcomes, journey.meter.handover, () => {}) };
  }
}

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

function lent(outcomes: Outcomes, handover: Handover): Incoming {
  const refs = outcomes.refs()[Symbol.asyncIterator]();
  let last: RecvRef | undefined;
  return {
    async next() {
      const { done, value } = await handover.time(() => refs.next());
      if (done === true) return undefined;
      last = value;
      return handover.time(() => value.bytes);
    },
    keep: () => handover.time(() => last!.keep()),
  };
}

/** Memory that comes back is filled again. */
function moved({ source, options, meter: { handover } }: Journey, jobs: Jobs, outcomes: Outcomes): Hands {
  const whole = HEAD_BYTES + options.chunk;
  const spare: Uint8Array<ArrayBuffer>[] = [];
  const send: Send = async (index) => {
    const memory = spare.pop() ?? handover.time(() => alloc(whole));
    const length = await source.read(index, chunkIn(memory));
    if (length === 0) return 0;
    address(memory, index);
    // A buffer moves whole, and the last chunk is shorter.
    const letter = length === options.chunk ? memory : memory.slice(0, HEAD_BYTES + length);
    await handover.time(() => jobs.send(letter, { transfer: true }));
    return length;
  };
  const incoming = owned(outcomes, handover, (letter) => {
    if (letter.length === whole) spare.push(letter);
  });
  return { send, incoming };
}

function copied({ source, options, meter }: Journey, jobs: Jobs): Send {
  const memory = new Uint8Array(HEAD_BYTES + options.chunk);
  return async (index) => {
    const length = await source.read(index, chunkIn(memory));
    if (length === 0) return 0;
    address(memory, index);
    await meter.handover.time(() => jobs.send(memory.subarray(0, HEAD_BYTES + length)));
    return length;
  };
}

/** `over`: what becomes of a letter that was not kept. */
function owned(
  outcomes: Outcomes,
  handover: Handover,
  over: (letter: Uint8Array<ArrayBuffer>) => void,
): Incoming {
  const letters = outcomes[Symbol.asyncIterator]();
  let last: Uint8Array<ArrayBuffer> | undefined;
  return {
    async next() {
      if (last !== undefined) over(last);
      const { done, value } = await handover.time(() => letters.next());
      last = done === true ? undefined : value;
      return last;
    },
    keep() {
      const letter = last!;
      last = undefined;
      return letter;
    },
  };
}
