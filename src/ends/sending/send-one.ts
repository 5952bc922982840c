/** Sending a value whose bytes are encoded: no code of the caller's runs between the encoding and the call. */
import { Code, binding } from '../../border/binding.js';
import { mayDrop } from '../../observe/diagnostics.js';
import { PendingDone, done } from '../../event-loop/done.js';
import type { EndState } from '../end-state.js';
import type { WaitOptions } from '../../event-loop/wait-options.js';

/** What a codec's `encode` answers. */
export type Encoded = number | Uint8Array;

class PendingSend extends PendingDone {
  protected get verb(): string {
    return 'send';
  }

  override get outlivesHandle(): boolean {
    return true;
  }
}

/** Sends now, or not at all. */
export function trySendOne(state: EndState, encoded: Encoded, value: unknown): boolean {
  const result = state.traits.drops
    ? mayDrop(state, () => binding.trySend(state.handle, encoded))
    : binding.trySend(state.handle, encoded);
  if (result === Code.ok) return true;
  if (result === Code.nothing) return false;
  throw state.failure('trySend', result, value);
}

/** `end`: the handle, which is not to be garbage-collected meanwhile. */
export function sendOne(
  end: object,
  state: EndState,
  encoded: Encoded,
  options: WaitOptions,
  value: unknown,
): Promise<unknown> {
  const result = state.traits.drops
    ? mayDrop(state, () => binding.send(state.handle, encoded))
    : binding.send(state.handle, encoded);
  if (result === Code.ok) return done(state, options);
  if (result > Code.pending) throw state.failure('send', result, value);
  return new PendingSend(Code.pending - result, end, state, options).begin();
}

/** Blocks; `undefined`, or whether it was sent in time. */
export function sendOneSync(
  state: EndState,
  encoded: Encoded,
  { timeout, timed }: WaitOptions,
  value: unknown,
): boolean | undefined {
  const result = state.traits.drops
    ? mayDrop(state, () => binding.sendSync(state.handle, encoded, timeout))
    : binding.sendSync(state.handle, encoded, timeout);
  if (result === Code.ok) return timed ? true : undefined;
  if (result === Code.nothing) return false;
  throw state.failure('sendSync', result, value);
}
