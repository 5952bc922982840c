/**
 * What a ref holds: its native name, the view that was handed out, and where it is in its life.
 *
 * ```text
 *   live --send--> accepted: sent          pending --accepted--> sent
 *    ^  \          not accepted: live           \---not accepted---> live
 *    |   `-dispose, or its handle closes--> disposed
 * ```
 * It knows nothing of the ref itself, so that one that nobody has any more can be collected.
 */
import { Code, type Shown, binding, moves } from '../border/binding.js';
import { bufferOfBytes, lengthOf } from '../border/bytes.js';
import { copies } from '../border/external-memory.js';
import { isMarked } from '../border/movable.js';
import { type Loan, lend } from '../border/homes.js';
import { failure, stateError } from '../border/native-errors.js';
import type { EndState, LiveRef } from '../ends/end-state.js';
import { noMemory } from '../errors/misuse.js';
import { leave } from './young.js';

/** What `SendRef` and `RecvRef` differ in. */
export interface Kind {
  /** The verbs that send it, for its errors: now, awaited, blocking. */
  readonly verbs: readonly [now: string, awaited: string, blocking: string];
  /** What has become of one that was accepted. */
  readonly sent: string;
  /** Whether it ends with its handle. */
  readonly endsWithHandle: boolean;
  /** Whether there is anything in it from the beginning. */
  readonly filled: boolean;
}

/** Up to here an array of its own, copied once, is had as soon as native memory is lent and taken back: without homes 2.5 us a hand-over for 7. */
const longestBeside = moves ? 4096 : 8192;

let forbidden = copies;

/** Its fields are declared, and set by the constructor alone, as those of a wait are. */
export class RefState implements LiveRef {
  declare readonly name: number;
  declare readonly length: number;
  declare readonly state: EndState;
  declare readonly kind: Kind;
  declare private view: Uint8Array<ArrayBuffer> | undefined;
  /** What the view shows, where that is native memory. */
  declare private loan: Loan | undefined;
  /** Why it cannot be used, if it cannot. */
  declare private ended: string | undefined;
  declare private pending: boolean;
  /** Why it is to be dropped if its pending send comes to nothing. */
  declare private doomed: string | undefined;
  /** Whether its native memory has something to be shown. */
  declare private filled: boolean;
  /** Where it is among the young, -1 where it is not. */
  declare young: number;

  constructor(name: number, length: number, state: EndState, kind: Kind) {
    this.name = name;
    this.length = length;
    this.state = state;
    this.kind = kind;
    this.view = undefined;
    this.loan = undefined;
    this.ended = undefined;
    this.pending = false;
    this.doomed = undefined;
    this.filled = kind.filled;
    this.young = -1;
    state.refs.add(this);
  }

  /** Whether it is neither sent nor disposed, nor on its way. */
  get isLive(): boolean {
    return this.phase === 'live';
  }

  /** In a word. */
  get phase(): 'live' | 'pending' | 'over' {
    return this.ended !== undefined ? 'over' : this.pending ? 'pending' : 'live';
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    if (this.view === undefined) this.view = this.isLive && this.length > 0 ? this.#makeView() : none();
    return this.view;
  }

  mustBeLive(): void {
    if (this.pending) throw stateError('this ref is being sent: its send is pending');
    if (this.ended !== undefined) throw stateError(this.ended);
  }

  /** Whether it was accepted, or a wait id, by what a native verb answered that may wait. */
  sentOrWaits(to: EndState, result: number): boolean | number {
    if (result > Code.pending) return this.sentNow(1, to, result);
    this.pending = true;
    return result;
  }

  /** Whether it was accepted, by what a native verb answered that does not wait, or not any more. `verb`: which of its kind's. */
  sentNow(verb: 0 | 1 | 2, to: EndState, result: number): boolean {
    if (result === Code.ok) {
      this.sent();
      return true;
    }
    if (result === Code.moved) this.#end(movedAway);
    else this.#cameBack();
    if (result === Code.nothing) return false;
    const named = this.kind.verbs[verb];
    throw to.told(named, to.failure(named, result));
  }

  /** It was accepted. */
  sent(): void {
    this.#end(this.kind.sent);
  }

  /** A pending send has come to nothing. */
  unsent(): void {
    this.pending = false;
    this.#cameBack();
    if (this.doomed !== undefined) this.#drop(this.doomed);
  }

  handleClosed(): void {
    if (this.kind.endsWithHandle) this.#drop('this ref is no more: its sender was closed');
  }

  dispose(): void {
    this.#drop('this ref was disposed');
  }

  /** The bytes, which are the caller's from here on. */
  keep(): Uint8Array<ArrayBuffer> {
    this.mustBeLive();
    let { bytes } = this;
    const loan = this.loan;
    if (lengthOf(bytes) !== this.length) {
      this.#drop(movedAway);
      throw failure(Code.moved);
    }
    if (loan === undefined) {
      binding.forgetRef(this.name);
    } else if (binding.keepRef(this.name, loan.buffer) !== Code.ok) {
      bytes = bytes.slice();
      this.#drop(kept);
      return bytes;
    }
    this.#end(kept);
    return bytes;
  }

  /** Nobody has the ref any more; whoever has its view keeps the memory. */
  forget(): void {
    if (!this.isLive) return;
    binding.forgetRef(this.name);
    this.#end('this ref was garbage-collected');
  }

  #drop(why: string): void {
    if (this.pending) this.doomed ??= why;
    if (!this.isLive) return;
    binding.dropRef(this.name, this.show());
    this.#end(why);
  }

  #end(why: string): void {
    this.ended = why;
    this.pending = false;
    this.state.refs.delete(this);
    this.loan = undefined;
    leave(this);
  }

  /** The bytes are the ref's again, or still: where the view was detached, the next one is new. */
  #cameBack(): void {
    this.filled = true;
    this.loan = undefined;
    if (this.view !== undefined && lengthOf(this.view) === 0) this.view = undefined;
  }

  /** What native code is to be shown of what the caller was: taken from it, where it was lent. */
  show(): Shown {
    if (this.loan !== undefined) return this.loan.recall();
    const view = this.view;
    if (view === undefined || !isMarked(bufferOfBytes(view))) return view;
    // Nothing can detach it, and the attempt would end the process: it is left to the caller, who has no other thread's memory in it.
    this.view = undefined;
    return view.slice();
  }

  #makeView(): Uint8Array<ArrayBuffer> {
    if (!forbidden && this.length > longestBeside) {
      const lent = binding.lendRef(this.name);
      if (typeof lent !== 'number' || lent >= 0) {
        this.loan = lend(lent);
        return new Uint8Array(this.loan.buffer);
      }
      if (lent !== Code.nothing) throw this.state.failure('bytes', lent);
      forbidden = true;
    }
    let copy: Uint8Array<ArrayBuffer>;
    try {
      copy = new Uint8Array(this.length);
    } catch {
      throw noMemory(`there is not enough memory for a copy of ${this.length} bytes`);
    }
    if (this.filled) binding.copyRef(this.name, copy);
    return copy;
  }
}

const kept = "this ref was kept: its bytes are the caller's";
const movedAway = 'this ref is no more: its memory was moved away';

function none(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(0);
}
