/** Sending a value whose bytes are laid out: no code of the caller's runs between the laying and the call. */
import { Code, binding } from './binding.js';
import { mayDrop } from './diagnostics.js';
import { AwaitedDone, done } from './done.js';
import { failure } from './failure.js';
import type { Lease } from './lease.js';
import type { Patience } from './wait.js';

/** What a codec's `lay` answers. */
export type Laid = number | Uint8Array;

class AwaitedSend extends AwaitedDone {
  override readonly outlivesHandle = true;
}

/** Sends now, or not at all. */
export function trySendLaid(lease: Lease, laid: Laid, value: unknown): boolean {
  const result = lease.traits.drops
    ? mayDrop(lease, () => binding.trySend(lease.handle, laid))
    : binding.trySend(lease.handle, laid);
  if (result === Code.ok) return true;
  if (result === Code.nothing) return false;
  throw failure(result, value);
}

/** `end`: the handle, which is not to be garbage-collected meanwhile. */
export function sendLaid(
  end: object,
  lease: Lease,
  laid: Laid,
  patience: Patience,
  value: unknown,
): Promise<unknown> {
  const result = lease.traits.drops
    ? mayDrop(lease, () => binding.send(lease.handle, laid))
    : binding.send(lease.handle, laid);
  if (result === Code.ok) return done(lease, patience);
  if (result > Code.pending) throw failure(result, value);
  return new AwaitedSend(Code.pending - result, end, lease, patience).begin();
}

/** Blocks; `undefined`, or whether it was sent in time. */
export function sendLaidSync(
  lease: Lease,
  laid: Laid,
  { timeout, timed }: Patience,
  value: unknown,
): boolean | undefined {
  const result = lease.traits.drops
    ? mayDrop(lease, () => binding.sendSync(lease.handle, laid, timeout))
    : binding.sendSync(lease.handle, laid, timeout);
  if (result === Code.ok) return timed ? true : undefined;
  if (result === Code.nothing) return false;
  throw failure(result, value);
}
