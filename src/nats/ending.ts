/** The end of a channel: told to the server by one, and to everybody by the server. */
import { ChannelClosedError, ChannelFailedError } from '../errors/errors.js';
import { type Course, type Stream, mayPass } from './stream.js';

/** An `end` or `fail` that the server is to be told. */
export class Ending {
  readonly promise: Promise<void>;
  /** It is told, or was by somebody else. */
  done!: () => void;
  failed!: (error: unknown) => void;

  constructor(readonly how: { readonly failure?: unknown }) {
    this.promise = new Promise((resolve, reject) => {
      this.done = resolve;
      this.failed = reject;
    });
    // Who calls `end()` need not wait for it, and `close()` of the channel tells.
    this.promise.catch(() => {});
  }

  /** Whether the server knows; false: nobody answers. */
  async attempt(stream: Stream): Promise<boolean> {
    try {
      await stream.seal(this.how);
      return true;
    } catch (error) {
      if (error instanceof ChannelClosedError) return true;
      if (mayPass(error)) return false;
      throw error;
    }
  }
}

/** The error of senders whose channel has ended. */
export function endedError(label: string): ChannelClosedError {
  return new ChannelClosedError(
    `the channel '${label}' is closed: it has ended. Another name is another channel; \`destroy()\` makes this one free`,
  );
}

/** The error of receivers that have all that came, where nothing more can. */
export function overError({ end }: Course): ChannelClosedError | ChannelFailedError | undefined {
  if (end === undefined) return undefined;
  if (!('failure' in end)) return new ChannelClosedError('the channel is closed');
  const { failure } = end;
  const text = `the channel failed${failure instanceof Error ? `: ${failure.message}` : ''}`;
  return new ChannelFailedError(text, { cause: failure });
}
