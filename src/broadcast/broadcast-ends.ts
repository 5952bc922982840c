/** The ends of a broadcast: as those of a queue, but for what is said here. broadcast.ts says what they promise. */
import { binding, outcome } from '../border/binding.js';
import { EndState } from '../ends/end-state.js';
import { QueueEnd } from '../ends/handle.js';
import { SharedReceivingEnd } from '../ends/receiving/receiving-end.js';
import { SendingEnd } from '../ends/sending/sending-end.js';
import { refused } from '../errors/misuse.js';
import type { BroadcastReceiver, BroadcastSender } from './broadcast.js';

/** What another native call has made beside this end. */
function beside(verb: string, end: QueueEnd, make: (handle: number) => number): EndState {
  const state = QueueEnd.stateOf(end) as EndState;
  const result = make(state.handle);
  if (result < 0) throw state.failure(verb, result);
  return new EndState(outcome[0] as number, state.traits);
}

export class BroadcastSendingEnd<in T> extends SendingEnd<T> implements BroadcastSender<T> {
  override get [Symbol.toStringTag](): string {
    return 'BroadcastSender';
  }

  override clone(): BroadcastSendingEnd<T> {
    const Same = this.constructor as typeof BroadcastSendingEnd<T>;
    return new Same(beside('clone', this, binding.clone));
  }

  subscribe(): BroadcastReceiver<unknown> {
    return this.receiver(beside('subscribe', this, binding.subscribe));
  }

  /** A receiver of this broadcast. */
  protected receiver(state: EndState): BroadcastReceivingEnd<unknown> {
    return new BroadcastReceivingEnd(state);
  }

  override batch(): never {
    throw (QueueEnd.stateOf(this) as EndState).told(
      'batch',
      refused('A broadcast has no batches: send many with trySendMany, sendMany or sendManySync'),
    );
  }
}

export class BroadcastReceivingEnd<T> extends SharedReceivingEnd<T> implements BroadcastReceiver<T> {
  override get [Symbol.toStringTag](): string {
    return 'BroadcastReceiver';
  }

  get skipped(): number {
    return (QueueEnd.stateOf(this) as EndState).lost;
  }

  override clone(): BroadcastReceivingEnd<T> {
    const Same = this.constructor as typeof BroadcastReceivingEnd<T>;
    return new Same(beside('clone', this, binding.clone));
  }
}
