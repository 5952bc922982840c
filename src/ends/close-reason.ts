/** Why a channel is closed, and the errors that say so. */
import { inspect } from 'node:util';

import { CloseKind, binding } from '../border/binding.js';
import { ChannelClosedError, ChannelFailedError } from '../errors/errors.js';
import { decodeError, encodeError } from '../errors/travel.js';

/**
 * Why a channel closed, as `closeReason` of its handles says. The first of `end`, `fail`, `cancel` and the last `close`
 * counts.
 *
 * @example
 * ```ts
 * import { bounded, type CloseReason } from 'millrace';
 *
 * const told = ({ kind, error }: CloseReason) => (error === undefined ? kind : `${kind}: ${(error as Error).message}`);
 * const [tx, rx] = bounded(1, { codec: 'text' });
 * tx.fail(new Error('the disk is full'));
 * console.log(told(rx.closeReason!)); // failed: the disk is full
 * tx.close();
 * rx.close();
 * ```
 */
export interface CloseReason {
  /**
   * - `'closed'`: the last end of a side was given up.
   * - `'ended'`: a sender called `end()`.
   * - `'cancelled'`: a receiver called `cancel()`.
   * - `'failed'`: a sender called `fail()`.
   * - `'died'`: the last end of a side went with a thread that ended by an uncaught error, an exit code other than 0,
   *   `terminate()` or its memory limit; with `onDeath: 'fail'`, any sender did.
   */
  readonly kind: 'closed' | 'ended' | 'cancelled' | 'failed' | 'died';
  /** What was given to `fail` or `cancel`; how the thread ended that died. */
  readonly error?: unknown;
  /** The `threadId` of the thread that did it; absent where none did, as when a ticket expires. */
  readonly thread?: number;
}

/** A reason as native code tells it. */
type Told = NonNullable<ReturnType<typeof binding.closeReason>>;

const kinds = Object.keys(CloseKind) as CloseReason['kind'][];

/** Why the side of this handle is closed; `undefined` while it is open. */
export function closeReasonOf(handle: number): CloseReason | undefined {
  const told = binding.closeReason(handle, false);
  return told === undefined ? undefined : read(told);
}

/** The error of `verb`, to which native code has answered that the side of this handle is closed; `label` is the channel's. */
export function closedError(
  handle: number,
  verb: string,
  label: string | undefined,
): ChannelClosedError | ChannelFailedError {
  const told = binding.closeReason(handle, true);
  const reason: Partial<CloseReason> = told === undefined ? {} : read(told);
  const channel = `${verb}: the channel${label === undefined ? '' : ` ${inspect(label)}`}`;
  if (told?.[2] === true) {
    const { error } = reason;
    const text = `${channel} failed${error instanceof Error ? `: ${error.message}` : ''}`;
    return new ChannelFailedError(text, { cause: error });
  }
  return new ChannelClosedError(`${channel} is closed`, 'error' in reason ? { cause: reason.error } : {});
}

/** A cancelling receiver's reason, for native code; `undefined` where there is none. */
export function encodeReason(reason: unknown): Uint8Array | undefined {
  return reason === undefined ? undefined : encodeError(reason);
}

function read([number, thread, , code, bytes]: Told): CloseReason {
  const kind = kinds[number] as CloseReason['kind'];
  const given = bytes === undefined ? {} : { error: decodeError(bytes) };
  const error = kind === 'died' ? { error: deathOf(thread, code, given) } : given;
  return Object.freeze({ kind, ...error, ...(thread < 0 ? {} : { thread }) });
}

/** How a thread died. */
function deathOf(thread: number, code: number, thrown: { error?: unknown }): Error {
  const cause = thrown.error;
  if ('error' in thrown) {
    const text = cause instanceof Error ? `: ${cause.message}` : '';
    return new Error(`thread ${thread} ended by an uncaught error${text}`, { cause });
  }
  if (code > 0) return new Error(`thread ${thread} ended with exit code ${code}`);
  return new Error(`thread ${thread} was stopped: by terminate(), or because it reached its memory limit`);
}
