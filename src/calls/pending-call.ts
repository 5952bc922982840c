/** A call whose answer is awaited. */
import { AnswerKind } from '../border/binding.js';
import { type ReceiveMemory, scratch } from '../ends/receiving/receive-memory.js';
import type { EndState } from '../ends/end-state.js';
import { CallLostError } from '../errors/errors.js';
import { decodeError } from '../errors/travel.js';
import { HandleWait } from '../event-loop/pending-wait.js';
import { mayPoll } from '../event-loop/turns.js';
import type { WaitOptions } from '../event-loop/wait-options.js';
import { type Answerable, awaitAnswer, forgetAnswer } from './answers.js';
import { rejectWhereAwaited, withCallerStack } from './caller-stack.js';

export class PendingCall extends HandleWait implements Answerable {
  readonly runsCode: boolean;

  constructor(
    private readonly call: number,
    end: object,
    state: EndState,
    private readonly buffers: ReceiveMemory,
    options: WaitOptions,
  ) {
    super(call, end, state, options);
    this.runsCode = state.traits.response?.isCustom === true;
  }

  protected get verb(): string {
    return 'call';
  }

  answered(kind: number, memory: Uint8Array, offset: number, length: number): void {
    this.over();
    if (kind !== AnswerKind.reply) {
      const error = errorOf(this.owner, kind, memory, offset, length);
      rejectWhereAwaited(this.resolve, () => error());
      return;
    }
    try {
      this.resolve(valueOf(this.buffers, this.owner, memory, offset, length));
    } catch (error) {
      this.reject(this.owner.told(this.verb, error));
    }
  }

  protected override enlist(refed: boolean): void {
    awaitAnswer(this.call, this);
    mayPoll(refed ? this.poll() : 0);
  }

  protected override delist(): void {
    forgetAnswer(this.call);
  }

  protected nothing(): unknown {
    return undefined;
  }

  /** Calls are told by `answered`. */
  protected answer(): void {}
}

/** The value of a reply. */
export function valueOf(
  buffers: ReceiveMemory,
  state: EndState,
  memory: Uint8Array,
  offset: number,
  length: number,
): unknown {
  if (memory === scratch) return buffers.takeSettled(length, offset);
  return state.traits.response?.read(memory, offset, length);
}

/** Makes the error of a failed call; reads its bytes now. */
export function errorOf(
  state: EndState,
  kind: number,
  memory: Uint8Array,
  offset: number,
  length: number,
): () => unknown {
  if (kind === AnswerKind.failure) {
    const error = decodeError(memory.subarray(offset, offset + length));
    return () => withCallerStack(error);
  }
  const taken = kind === AnswerKind.lostTaken;
  return () => lost(state, taken);
}

function lost(state: EndState, taken: boolean): CallLostError {
  const { label } = state.stats();
  const on = label === undefined ? '' : ` on '${label}'`;
  const text = taken
    ? `the call${on} was lost: a responder had its request, and dropped it without an answer or ended`
    : `the call${on} was lost before a responder had its request: calling again is safe`;
  return new CallLostError(text, { taken });
}
