/** How refs do what refs.ts promises, and how the ends of a channel make them. */
import { Code, binding, outcome } from '../border/binding.js';
import type { BytesLike } from '../border/bytes.js';
import { shownAsJson } from '../codecs/handles.js';
import { mayDrop } from '../observe/diagnostics.js';
import { PendingDone, done } from '../event-loop/done.js';
import { stateError } from '../border/native-errors.js';
import type { ChannelStateError } from '../errors/errors.js';
import { QueueEnd } from '../ends/handle.js';
import type { EndState } from '../ends/end-state.js';
import { noMemory, outOfRange, refused, wrongType } from '../errors/misuse.js';
import type { Taking } from '../ends/receiving/receive-one.js';
import { readByteLength } from './byte-length.js';
import { RefState, type Kind } from './ref-state.js';
import type { RecvRef, SendRef } from './refs.js';
import { enterYoung } from './young.js';
import type { Sender } from '../ends/sender.js';
import type { BroadcastSender } from '../broadcast/broadcast.js';
import type {
  AnySyncWait,
  AnyWait,
  WaitOptions,
  SyncWait,
  TimedSyncWait,
  TimedWait,
  Wait,
} from '../event-loop/wait-options.js';
import { readSyncWait, readWait } from '../event-loop/wait-options.js';

/** What both kinds of ref have. */
abstract class Ref {
  declare readonly ref: RefState;
  /** The handle that it came from, which is kept as long as the ref is. */
  declare readonly end: object;

  constructor(end: object, state: EndState, name: number, length: number, kind: Kind) {
    this.end = end;
    this.ref = new RefState(name, length, state, kind);
    enterYoung(this);
  }

  get bytes(): Uint8Array {
    return this.ref.bytes;
  }

  [Symbol.dispose](): void {
    this.ref.dispose();
  }

  abstract get [Symbol.toStringTag](): string;

  toJSON(): object {
    return shownAsJson(this[Symbol.toStringTag]);
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `${this[Symbol.toStringTag]} { ${this.ref.length} bytes, ${this.ref.phase} }`;
  }

  protected trySendTo(to: EndState, length: number): boolean {
    const { ref } = this;
    ref.mustBeLive();
    if (!to.goesFirst()) return false;
    // Here and below without a closure, where none is needed: a fifteenth of a hand-over.
    if (!to.traits.drops)
      return ref.sentNow(0, to, binding.trySendRef(ref.name, to.handle, ref.show(), length));
    return mayDrop(to, () => ref.sentNow(0, to, binding.trySendRef(ref.name, to.handle, ref.show(), length)));
  }

  protected sendTo(to: EndState, length: number, options: WaitOptions, end: object): Promise<unknown> {
    const { ref } = this;
    ref.mustBeLive();
    if (options.signal?.aborted === true) return Promise.reject(options.signal.reason);
    to.batch?.go();
    const accepted = to.traits.drops
      ? mayDrop(to, () => ref.sentOrWaits(to, binding.sendRef(ref.name, to.handle, ref.show(), length)))
      : ref.sentOrWaits(to, binding.sendRef(ref.name, to.handle, ref.show(), length));
    if (typeof accepted === 'boolean') return done(to, options);
    return new PendingRef(Code.pending - accepted, [this, end], to, options, ref).begin();
  }

  protected sendSyncTo(to: EndState, length: number, { timeout, timed }: WaitOptions): unknown {
    const { ref } = this;
    ref.mustBeLive();
    to.batch?.go();
    const send = () =>
      ref.sentNow(2, to, binding.sendRefSync(ref.name, to.handle, ref.show(), length, timeout));
    const accepted = to.traits.drops ? mayDrop(to, send) : send();
    return timed ? accepted : undefined;
  }
}

/** A pending send of a ref: where it comes to nothing, the bytes are the ref's again. */
class PendingRef extends PendingDone {
  protected get verb(): string {
    return this.ref.kind.verbs[1];
  }

  override get outlivesHandle(): boolean {
    return true;
  }

  constructor(
    wait: number,
    kept: object,
    to: EndState,
    options: WaitOptions,
    private readonly ref: RefState,
  ) {
    super(wait, kept, to, options);
  }

  protected override answer(): void {
    this.ref.sent();
    super.answer();
  }

  protected override closed(error: Error): void {
    this.ref.unsent();
    super.closed(error);
  }

  protected override withdraw(): boolean {
    const withdrawn = super.withdraw();
    if (withdrawn) this.ref.unsent();
    return withdrawn;
  }
}

const toSend: Kind = {
  verbs: ['trySend', 'send', 'sendSync'],
  sent: 'this ref was sent',
  endsWithHandle: true,
  filled: false,
};
const received: Kind = {
  verbs: ['tryForward', 'forward', 'forwardSync'],
  sent: 'this ref was forwarded',
  endsWithHandle: false,
  filled: true,
};

export class LiveSendRef extends Ref implements SendRef {
  constructor(end: object, state: EndState, name: number, length: number) {
    super(end, state, name, length, toSend);
  }

  /** A new one of a sending end. */
  static of(end: object, state: EndState, byteLength: unknown): LiveSendRef {
    state.mustBeLive('sendRef');
    mustBeBytes(state);
    const length = readByteLength(byteLength);
    const name = binding.makeRef(state.handle, length);
    if (name >= 0) return new LiveSendRef(end, state, name, length);
    if (name === Code.noMemory) throw noMemory(`there is not enough memory for a message of ${length} bytes`);
    if (name === Code.tooLong) throw outOfRange('byteLength', `at most ${outcome[1]}`, length);
    throw name === Code.tooMany ? tooMany() : state.failure('sendRef', name);
  }

  get [Symbol.toStringTag](): string {
    return 'SendRef';
  }

  trySend(byteLength?: number): boolean {
    try {
      return this.trySendTo(this.ref.state, this.#length(byteLength));
    } catch (error) {
      throw this.ref.state.told('trySend', error);
    }
  }

  send(byteLength?: number, wait?: Wait): Promise<void>;
  send(byteLength: number | undefined, wait: TimedWait): Promise<boolean>;
  send(byteLength?: number, wait?: AnyWait): Promise<boolean | void>;
  send(byteLength?: number, wait?: unknown): Promise<unknown> {
    try {
      return this.sendTo(this.ref.state, this.#length(byteLength), readWait(wait), this.end);
    } catch (error) {
      return Promise.reject(this.ref.state.told('send', error));
    }
  }

  sendSync(byteLength?: number, wait?: SyncWait): void;
  sendSync(byteLength: number | undefined, wait: TimedSyncWait): boolean;
  sendSync(byteLength?: number, wait?: AnySyncWait): boolean | void;
  sendSync(byteLength?: number, wait?: unknown): unknown {
    try {
      return this.sendSyncTo(this.ref.state, this.#length(byteLength), readSyncWait(wait));
    } catch (error) {
      throw this.ref.state.told('sendSync', error);
    }
  }

  #length(byteLength: unknown): number {
    const { length } = this.ref;
    return byteLength === undefined ? length : readByteLength(byteLength, length);
  }
}

export class LiveRecvRef extends Ref implements RecvRef {
  constructor(end: object, state: EndState, name: number, length: number) {
    super(end, state, name, length, received);
  }

  get [Symbol.toStringTag](): string {
    return 'RecvRef';
  }

  keep(): Uint8Array<ArrayBuffer> {
    try {
      return this.ref.keep();
    } catch (error) {
      throw this.ref.state.told('keep', error);
    }
  }

  tryForward(to: Sender<BytesLike> | BroadcastSender<BytesLike>): boolean {
    try {
      return this.trySendTo(targetOf('tryForward', to), this.ref.length);
    } catch (error) {
      throw this.ref.state.told('tryForward', error);
    }
  }

  forward(to: Sender<BytesLike> | BroadcastSender<BytesLike>, wait?: Wait): Promise<void>;
  forward(to: Sender<BytesLike> | BroadcastSender<BytesLike>, wait: TimedWait): Promise<boolean>;
  forward(to: Sender<BytesLike> | BroadcastSender<BytesLike>, wait?: AnyWait): Promise<boolean | void>;
  forward(to: Sender<BytesLike> | BroadcastSender<BytesLike>, wait?: unknown): Promise<unknown> {
    try {
      return this.sendTo(targetOf('forward', to), this.ref.length, readWait(wait), to);
    } catch (error) {
      return Promise.reject(this.ref.state.told('forward', error));
    }
  }

  forwardSync(to: Sender<BytesLike> | BroadcastSender<BytesLike>, wait?: SyncWait): void;
  forwardSync(to: Sender<BytesLike> | BroadcastSender<BytesLike>, wait: TimedSyncWait): boolean;
  forwardSync(to: Sender<BytesLike> | BroadcastSender<BytesLike>, wait?: AnySyncWait): boolean | void;
  forwardSync(to: Sender<BytesLike> | BroadcastSender<BytesLike>, wait?: unknown): unknown {
    try {
      return this.sendSyncTo(targetOf('forwardSync', to), this.ref.length, readSyncWait(wait));
    } catch (error) {
      throw this.ref.state.told('forwardSync', error);
    }
  }
}

/** No pool to copy short messages to: each is held, and made a ref. */
const nowhere = new Uint8Array(0);

/** A message to be read where it lies. */
export class OneRef implements Taking {
  private constructor(
    private readonly end: object,
    private readonly state: EndState,
  ) {}

  static of(end: object, state: EndState): OneRef {
    mustBeBytes(state);
    return new OneRef(end, state);
  }

  get verb(): string {
    return 'recvRef';
  }

  ask(inLine: boolean): number {
    return binding.recv(this.state.handle, nowhere, 0, inLine);
  }

  take(): RecvRef {
    return this.takeSettled(Code.held, outcome[0] as number);
  }

  takeSettled(_result: number, length: number): RecvRef {
    const name = binding.takeRef();
    if (name >= 0) return new LiveRecvRef(this.end, this.state, name, length);
    binding.returnHeld();
    if (name === Code.tooMany) throw tooMany();
    const text = `there is not enough memory to receive a message of ${length} bytes; it is still the next one`;
    throw noMemory(text);
  }

  nothing(): undefined {}

  tryTake(): RecvRef | undefined {
    return this.#taken('tryRecvRef', binding.tryRecv(this.state.handle, nowhere, 0));
  }

  takeWithin(timeout: number): RecvRef | undefined {
    return this.#taken('recvRefSync', binding.recvSync(this.state.handle, nowhere, 0, timeout));
  }

  #taken(verb: string, result: number): RecvRef | undefined {
    if (result === Code.held) return this.take();
    if (result === Code.nothing) return undefined;
    throw this.state.failure(verb, result);
  }
}

function tooMany(): ChannelStateError {
  return stateError('this thread has more than a million refs: send, forward or dispose some');
}

function mustBeBytes({ traits: { codec, context } }: EndState): void {
  if (context === true)
    throw refused("Refs are for channels made without 'context'. Received one made with it");
  if (codec.name === 'bytes' || codec.name === 'buffer') return;
  throw refused(`Refs are for channels of bytes or buffer. Received one whose codec is '${codec.name}'`);
}

/** The state of a sender that a ref can be forwarded to. */
function targetOf(verb: string, to: unknown): EndState {
  const state = QueueEnd.stateOf(to);
  if (state === undefined || !('trySend' in (to as object))) throw wrongType('to', 'a Sender', to);
  state.mustBeLive(verb);
  mustBeBytes(state);
  return state;
}
