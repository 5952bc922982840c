/**
 * Sending by moving (`{ transfer: true }`): the buffer is detached once the message is accepted, and stays the caller's
 * until then.
 *
 * ```text
 *   memory that the caller was lent (alloc, keep, received) ---> the memory itself is the message
 *     in an awaited send that has to wait  --.
 *   any other memory  -----------------------+-----------------> a copy is the message; accepted, the buffer is given up
 * ```
 * No code of the caller's runs between the acceptance of lent memory and its detaching, so that nobody sees a message
 * in flight.
 */
import { Code, binding, outcome } from '../../border/binding.js';
import { extentOf } from '../../border/bytes.js';
import { detachSent, giveUp } from '../../border/homes.js';
import { bufferToMove, isMarked, mustBeDetachable } from '../../border/movable.js';
import { refused } from '../../errors/misuse.js';
import { PendingDone, done } from '../../event-loop/done.js';
import type { WaitOptions } from '../../event-loop/wait-options.js';
import { mayDrop } from '../../observe/diagnostics.js';
import type { EndState } from '../end-state.js';
import { isChunk, lendMore } from '../receiving/receive-memory.js';
import { sendOne, sendOneSync, trySendOne } from './send-one.js';

/** A pending send of a copy. */
class PendingMove extends PendingDone {
  protected get verb(): string {
    return 'send';
  }

  override get outlivesHandle(): boolean {
    return true;
  }

  constructor(
    wait: number,
    end: object,
    state: EndState,
    options: WaitOptions,
    private readonly buffer: ArrayBuffer,
  ) {
    super(wait, end, state, options);
  }

  protected override answer(): void {
    // Marked while it waited, it stays where it is: nothing may take it away then.
    if (!isMarked(this.buffer)) giveUp(this.buffer);
    super.answer();
  }
}

/** Moves now, or not at all. */
export function trySendMoved(state: EndState, value: unknown): boolean {
  const buffer = readBuffer(state, value);
  if (!state.goesFirst()) return false;
  if (buffer !== undefined) {
    const result = move(state, buffer, (handle) => binding.tryMove(handle, buffer));
    if (result !== Code.foreign) return answered('trySend', state, result, value);
  }
  const accepted = trySendOne(state, state.traits.codec.encode(value), value);
  if (accepted && buffer !== undefined) giveUp(buffer);
  return accepted;
}

/** `end`: the handle, which is not to be garbage-collected meanwhile. */
export function sendMoved(
  end: object,
  state: EndState,
  value: unknown,
  options: WaitOptions,
): Promise<unknown> {
  const buffer = readBuffer(state, value);
  state.batch?.go();
  if (buffer === undefined) return sendOne(end, state, state.traits.codec.encode(value), options, value);
  const moved = move(state, buffer, (handle) => binding.move(handle, buffer));
  if (moved === Code.ok) return done(state, options);
  if (moved !== Code.foreign && moved !== Code.nothing) throw state.failure('send', moved, value);

  const encoded = state.traits.codec.encode(value);
  const result = mayDrop(state, () => binding.send(state.handle, encoded));
  if (result <= Code.pending) {
    return new PendingMove(Code.pending - result, end, state, options, buffer).begin();
  }
  if (result !== Code.ok) throw state.failure('send', result, value);
  giveUp(buffer);
  return done(state, options);
}

/** Blocks; `undefined`, or whether it was accepted in time. */
export function sendMovedSync(state: EndState, value: unknown, options: WaitOptions): boolean | undefined {
  const buffer = readBuffer(state, value);
  state.batch?.go();
  if (buffer !== undefined) {
    const result = move(state, buffer, (handle) => binding.moveSync(handle, buffer, options.timeout));
    if (result !== Code.foreign) {
      const accepted = answered('sendSync', state, result, value);
      return options.timed || !accepted ? accepted : undefined;
    }
  }
  const accepted = sendOneSync(state, state.traits.codec.encode(value), options, value);
  if (accepted !== false && buffer !== undefined) giveUp(buffer);
  return accepted;
}

/** The buffer to be moved, `undefined` for a message that shares its own with others: it is copied, and left. */
function readBuffer({ traits: { codec, context } }: EndState, value: unknown): ArrayBuffer | undefined {
  if (codec.name !== 'bytes' && codec.name !== 'buffer') {
    throw refused(
      `{ transfer: true } is for channels of bytes or buffer. The codec of this one is '${codec.name}'`,
    );
  }
  if (context === true) {
    throw refused("{ transfer: true } is for channels made without 'context'. Received one made with it");
  }
  lendMore();
  const extent = extentOf(value);
  return isChunk(extent.buffer) ? undefined : bufferToMove(extent, value);
}

/** The answer of a native verb that moves; `foreign` where a copy is to be sent instead. */
function move(state: EndState, buffer: ArrayBuffer, send: (handle: number) => number): number {
  const result = mayDrop(state, () => {
    const answer = send(state.handle);
    if (answer === Code.ok) detachSent(buffer, outcome[0] as number);
    return answer;
  });
  if (result === Code.foreign) mustBeDetachable(buffer);
  return result;
}

function answered(verb: string, state: EndState, result: number, value: unknown): boolean {
  if (result === Code.ok) return true;
  if (result === Code.nothing) return false;
  throw state.failure(verb, result, value);
}
