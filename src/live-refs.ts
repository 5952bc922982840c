/** How refs do what refs.ts promises, and how the ends of a channel make them. */
import { Code, binding, outcome } from './binding.js';
import type { BytesLike } from './bytes.js';
import { mayDrop } from './diagnostics.js';
import { AwaitedDone, done } from './done.js';
import { ChannelStateError } from './errors.js';
import { failure } from './failure.js';
import { warnOnce } from './forgotten.js';
import { QueueEnd } from './handle.js';
import type { Lease } from './lease.js';
import { noMemory, outOfRange, refused, wrongType } from './misuse.js';
import type { Taking } from './receive.js';
import { Hold, type Kind } from './ref-hold.js';
import type { RecvRef, SendRef } from './refs.js';
import type { Sender } from './sender.js';
import type { AnySyncWait, AnyWait, Patience, SyncWait, TimedSyncWait, TimedWait, Wait } from './wait.js';
import { readSyncWait, readWait } from './wait.js';

/** The longest message that can be made in place, in bytes. */
const mostBytes = 2 ** 31;

/** Releases what the garbage collector finds neither sent nor disposed, and says so once. */
const forgotten = new FinalizationRegistry<Hold>((hold) => {
  warnOnce({
    text: `A ref of a message of ${hold.length} bytes was garbage-collected; its memory comes back now.`,
    code: 'MILLRACE_UNDISPOSED',
    detail: 'Send or forward refs, or dispose them by `using`: until then their memory is held. Told once.',
  });
  hold.forget();
});

function forgetNoMore(hold: Hold): void {
  forgotten.unregister(hold);
}

/** What both kinds of ref have. */
abstract class Ref {
  protected readonly hold: Hold;

  /** `end`: the handle that it came from, which is kept as long as the ref is. */
  constructor(
    readonly end: object,
    lease: Lease,
    name: number,
    length: number,
    kind: Kind,
  ) {
    this.hold = new Hold(name, length, lease, kind, forgetNoMore);
    forgotten.register(this, this.hold, this.hold);
  }

  get bytes(): Uint8Array {
    return this.hold.bytes;
  }

  [Symbol.dispose](): void {
    this.hold.dispose();
  }

  abstract get [Symbol.toStringTag](): string;

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `${this[Symbol.toStringTag]} { ${this.hold.length} bytes, ${this.hold.state} }`;
  }

  protected trySendTo(to: Lease, length: number): boolean {
    this.hold.mustBeLive();
    if (!to.goesFirst()) return false;
    return this.#send(to, (ref, copy) => binding.trySendRef(ref, to.handle, copy, length)) as boolean;
  }

  protected sendTo(to: Lease, length: number, patience: Patience, end: object): Promise<unknown> {
    const { hold } = this;
    hold.mustBeLive();
    if (patience.signal?.aborted === true) return Promise.reject(patience.signal.reason);
    to.batch?.go();
    const result = this.#send(to, (ref, copy) => binding.sendRef(ref, to.handle, copy, length));
    if (typeof result === 'boolean') return done(to, patience);
    return new AwaitedRef(Code.pending - result, [this, end], to, patience, hold).begin();
  }

  protected sendSyncTo(to: Lease, length: number, { timeout, timed }: Patience): unknown {
    this.hold.mustBeLive();
    to.batch?.go();
    const send = (ref: number, copy: Uint8Array | undefined) =>
      binding.sendRefSync(ref, to.handle, copy, length, timeout);
    const accepted = this.#send(to, send);
    return timed ? accepted : undefined;
  }

  #send(to: Lease, send: (ref: number, copy: Uint8Array | undefined) => number): boolean | number {
    return mayDrop(to, () => this.hold.send(send));
  }
}

/** A pending send of a ref: where it comes to nothing, the bytes are the ref's again. */
class AwaitedRef extends AwaitedDone {
  override readonly outlivesHandle = true;

  constructor(
    wait: number,
    kept: object,
    to: Lease,
    patience: Patience,
    private readonly hold: Hold,
  ) {
    super(wait, kept, to, patience);
  }

  protected override answer(): void {
    this.hold.sent();
    super.answer();
  }

  protected override channelClosed(): void {
    this.hold.unsent();
    super.channelClosed();
  }

  protected override withdraw(): boolean {
    const withdrawn = super.withdraw();
    if (withdrawn) this.hold.unsent();
    return withdrawn;
  }
}

const toSend: Kind = { sent: 'this ref was sent', endsWithHandle: true, filled: false };
const received: Kind = { sent: 'this ref was forwarded', endsWithHandle: false, filled: true };

export class LiveSendRef extends Ref implements SendRef {
  readonly #lease: Lease;

  constructor(end: object, lease: Lease, name: number, length: number) {
    super(end, lease, name, length, toSend);
    this.#lease = lease;
  }

  /** A new one of a sending end. */
  static of(end: object, lease: Lease, byteLength: unknown): LiveSendRef {
    lease.mustBeLive();
    mustBeBytes(lease);
    const length = readLength(byteLength, mostBytes);
    const name = binding.makeRef(lease.handle, length);
    if (name >= 0) return new LiveSendRef(end, lease, name, length);
    if (name === Code.noMemory) throw noMemory(`there is not enough memory for a message of ${length} bytes`);
    if (name === Code.tooLong) throw outOfRange('byteLength', `at most ${outcome[1]}`, length);
    throw name === Code.tooMany ? tooMany() : failure(name);
  }

  get [Symbol.toStringTag](): string {
    return 'SendRef';
  }

  trySend(byteLength?: number): boolean {
    return this.trySendTo(this.#lease, this.#length(byteLength));
  }

  send(byteLength?: number, wait?: Wait): Promise<void>;
  send(byteLength: number | undefined, wait: TimedWait): Promise<boolean>;
  send(byteLength?: number, wait?: AnyWait): Promise<boolean | void>;
  send(byteLength?: number, wait?: unknown): Promise<unknown> {
    try {
      return this.sendTo(this.#lease, this.#length(byteLength), readWait(wait), this.end);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  sendSync(byteLength?: number, wait?: SyncWait): void;
  sendSync(byteLength: number | undefined, wait: TimedSyncWait): boolean;
  sendSync(byteLength?: number, wait?: AnySyncWait): boolean | void;
  sendSync(byteLength?: number, wait?: unknown): unknown {
    return this.sendSyncTo(this.#lease, this.#length(byteLength), readSyncWait(wait));
  }

  #length(byteLength: unknown): number {
    const { length } = this.hold;
    return byteLength === undefined ? length : readLength(byteLength, length);
  }
}

export class LiveRecvRef extends Ref implements RecvRef {
  constructor(end: object, lease: Lease, name: number, length: number) {
    super(end, lease, name, length, received);
  }

  get [Symbol.toStringTag](): string {
    return 'RecvRef';
  }

  tryForward(to: Sender<BytesLike>): boolean {
    return this.trySendTo(targetOf(to), this.hold.length);
  }

  forward(to: Sender<BytesLike>, wait?: Wait): Promise<void>;
  forward(to: Sender<BytesLike>, wait: TimedWait): Promise<boolean>;
  forward(to: Sender<BytesLike>, wait?: AnyWait): Promise<boolean | void>;
  forward(to: Sender<BytesLike>, wait?: unknown): Promise<unknown> {
    try {
      return this.sendTo(targetOf(to), this.hold.length, readWait(wait), to);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  forwardSync(to: Sender<BytesLike>, wait?: SyncWait): void;
  forwardSync(to: Sender<BytesLike>, wait: TimedSyncWait): boolean;
  forwardSync(to: Sender<BytesLike>, wait?: AnySyncWait): boolean | void;
  forwardSync(to: Sender<BytesLike>, wait?: unknown): unknown {
    return this.sendSyncTo(targetOf(to), this.hold.length, readSyncWait(wait));
  }
}

/** No pool to copy short messages to: each is held, and made a ref. */
const nowhere = new Uint8Array(0);

/** A message to be read where it lies. */
export class OneRef implements Taking {
  private constructor(
    private readonly end: object,
    private readonly lease: Lease,
  ) {}

  static of(end: object, lease: Lease): OneRef {
    mustBeBytes(lease);
    return new OneRef(end, lease);
  }

  ask(inLine: boolean): number {
    return binding.recv(this.lease.handle, nowhere, 0, inLine);
  }

  take(): RecvRef {
    return this.takeSettled(Code.held, outcome[0] as number);
  }

  takeSettled(_result: number, length: number): RecvRef {
    const name = binding.takeRef();
    if (name >= 0) return new LiveRecvRef(this.end, this.lease, name, length);
    binding.returnHeld();
    if (name === Code.tooMany) throw tooMany();
    const text = `there is not enough memory to receive a message of ${length} bytes; it is still the next one`;
    throw noMemory(text);
  }

  nothing(): undefined {}

  tryTake(): RecvRef | undefined {
    return this.#taken(binding.tryRecv(this.lease.handle, nowhere, 0));
  }

  takeWithin(timeout: number): RecvRef | undefined {
    return this.#taken(binding.recvSync(this.lease.handle, nowhere, 0, timeout));
  }

  #taken(result: number): RecvRef | undefined {
    if (result === Code.held) return this.take();
    if (result === Code.nothing) return undefined;
    throw failure(result);
  }
}

function tooMany(): ChannelStateError {
  return new ChannelStateError('this thread has more than a million refs: send, forward or dispose some');
}

function mustBeBytes({ traits: { codec } }: Lease): void {
  if (codec.name === 'bytes' || codec.name === 'buffer') return;
  throw refused(`Refs are for channels of bytes or buffer. Received one whose codec is '${codec.name}'`);
}

/** The lease of a sender that a ref can be forwarded to. */
function targetOf(to: unknown): Lease {
  const lease = QueueEnd.leaseOf(to);
  if (lease === undefined || !('trySend' in (to as object))) throw wrongType('to', 'a Sender', to);
  lease.mustBeLive();
  mustBeBytes(lease);
  return lease;
}

function readLength(byteLength: unknown, most: number): number {
  if (typeof byteLength !== 'number') throw wrongType('byteLength', 'a number of bytes', byteLength);
  if (!Number.isInteger(byteLength) || byteLength < 0 || byteLength > most) {
    throw outOfRange('byteLength', `an integer, 0 to ${most}`, byteLength);
  }
  return byteLength;
}
