/**
 * The ends of channels made with `context: true`: those of others, each verb of which does what it does, and besides
 * has the context go with what it sends, or the code behind it go on in that of what it receives.
 */
import { BroadcastReceivingEnd, BroadcastSendingEnd } from '../broadcast/broadcast-ends.js';
import { CallingEnd } from '../calls/calling-end.js';
import { RespondingEnd } from '../calls/responding-end.js';
import type { EndState } from '../ends/end-state.js';
import { End } from '../ends/handle.js';
import { ReceivingEnd, SharedReceivingEnd } from '../ends/receiving/receiving-end.js';
import { SendingEnd } from '../ends/sending/sending-end.js';
import { refused } from '../errors/misuse.js';
import { awaiting, receiving } from './delivery.js';
import { encodingFor, receives, sends, telling } from './events.js';

/** A verb: what `call` does is the plain one's. */
type Around = (state: EndState, verb: string, call: () => unknown) => unknown;
type Verb = string | symbol;

const send: Around = (state, verb, call) =>
  telling(sends, state, verb, false, (event) => encodingFor(event, call));
const sendAwaited: Around = (state, verb, call) =>
  telling(sends, state, verb, true, (event) => encodingFor(event, call));
const receive: Around = (state, verb, call) =>
  telling(receives, state, verb, false, (event) => receiving(event, call));
const receiveAwaited: Around = (state, verb, call) =>
  telling(receives, state, verb, true, (event) => awaiting(event, call));
const iterate: Around = (state, _verb, call) => new Steps(call() as AsyncIterator<unknown>, state);
const refuse: Around = (state, verb) => {
  const text =
    "This is for channels made without 'context', whose messages are bytes and nothing before them";
  throw state.told(verb, refused(text));
};
const refuseAwaited: Around = async (...of) => refuse(...of);

/** An iteration, each step of which goes on in the context of what it brings. */
class Steps implements AsyncIterator<unknown> {
  constructor(
    private readonly steps: AsyncIterator<unknown>,
    private readonly state: EndState,
  ) {}

  next(): Promise<IteratorResult<unknown>> {
    return receiveAwaited(this.state, 'next', () => this.steps.next()) as Promise<IteratorResult<unknown>>;
  }

  return(value?: unknown): Promise<IteratorResult<unknown>> {
    return this.steps.return?.(value) ?? Promise.resolve({ value, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

const ofSenders: readonly [Around, readonly Verb[]][] = [
  [send, ['trySend', 'sendSync', 'trySendMany', 'sendManySync']],
  [sendAwaited, ['send', 'sendMany']],
  [refuse, ['sendRef']],
];
const ofReceivers: readonly [Around, readonly Verb[]][] = [
  [receive, ['tryRecv', 'recvSync', 'tryRecvMany', 'recvManySync', 'latest']],
  [receiveAwaited, ['recv', 'recvMany']],
  [iterate, [Symbol.asyncIterator, 'iter', 'batches']],
  [refuse, ['tryRecvInto', 'recvIntoSync', 'tryRecvRef', 'recvRefSync', 'refs']],
  [refuseAwaited, ['recvInto', 'recvRef']],
];
const ofCallers: readonly [Around, readonly Verb[]][] = [
  [send, ['callSync']],
  [sendAwaited, ['call']],
];
const ofResponders: readonly [Around, readonly Verb[]][] = [
  [receive, ['tryRecv', 'recvSync']],
  [receiveAwaited, ['recv']],
  [iterate, [Symbol.asyncIterator]],
];

/** Does those verbs of `plain`'s prototype that it has in their way. */
function surround(plain: { prototype: object }, made: { prototype: object }, verbs: typeof ofSenders): void {
  for (const [around, names] of verbs) {
    for (const name of names) {
      const own = Reflect.get(plain.prototype, name) as ((...args: unknown[]) => unknown) | undefined;
      if (own === undefined) continue;
      const value = function (this: End, ...args: unknown[]): unknown {
        return around(End.stateOf(this) as EndState, String(name), () => own.apply(this, args));
      };
      Object.defineProperty(made.prototype, name, { value, configurable: true, writable: true });
    }
  }
}

class ContextSendingEnd extends SendingEnd<never> {}
class ContextReceivingEnd extends ReceivingEnd<unknown> {}
class ContextSharedReceivingEnd extends SharedReceivingEnd<unknown> {}
class ContextBroadcastReceivingEnd extends BroadcastReceivingEnd<unknown> {}
class ContextBroadcastSendingEnd extends BroadcastSendingEnd<never> {
  protected override receiver(state: EndState): BroadcastReceivingEnd<unknown> {
    return new ContextBroadcastReceivingEnd(state);
  }
}
class ContextCallingEnd extends CallingEnd<never, unknown> {}
class ContextRespondingEnd extends RespondingEnd<unknown, never> {}

surround(SendingEnd, ContextSendingEnd, ofSenders);
surround(ReceivingEnd, ContextReceivingEnd, ofReceivers);
surround(SharedReceivingEnd, ContextSharedReceivingEnd, ofReceivers);
surround(BroadcastSendingEnd, ContextBroadcastSendingEnd, ofSenders);
surround(BroadcastReceivingEnd, ContextBroadcastReceivingEnd, ofReceivers);
surround(CallingEnd, ContextCallingEnd, ofCallers);
surround(RespondingEnd, ContextRespondingEnd, ofResponders);

/** The classes of a channel's ends. */
export interface EndClasses {
  readonly Sending: new (state: EndState) => SendingEnd<never>;
  readonly Receiving: new (state: EndState) => ReceivingEnd<unknown>;
  readonly SharedReceiving: new (state: EndState) => SharedReceivingEnd<unknown>;
  readonly BroadcastSending: new (state: EndState) => BroadcastSendingEnd<never>;
  readonly BroadcastReceiving: new (state: EndState) => BroadcastReceivingEnd<unknown>;
  readonly Calling: new (state: EndState) => CallingEnd<never, unknown>;
  readonly Responding: new (state: EndState) => RespondingEnd<unknown, never>;
}

const plain: EndClasses = {
  Sending: SendingEnd,
  Receiving: ReceivingEnd,
  SharedReceiving: SharedReceivingEnd,
  BroadcastSending: BroadcastSendingEnd,
  BroadcastReceiving: BroadcastReceivingEnd,
  Calling: CallingEnd,
  Responding: RespondingEnd,
};
const carrying: EndClasses = {
  Sending: ContextSendingEnd,
  Receiving: ContextReceivingEnd,
  SharedReceiving: ContextSharedReceivingEnd,
  BroadcastSending: ContextBroadcastSendingEnd,
  BroadcastReceiving: ContextBroadcastReceivingEnd,
  Calling: ContextCallingEnd,
  Responding: ContextRespondingEnd,
};

/** Those of a channel, which may have been made with `context: true`. */
export function endClasses(context: true | undefined): EndClasses {
  return context === true ? carrying : plain;
}
