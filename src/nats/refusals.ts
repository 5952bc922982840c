/** What a server refuses, each told with what would cure it. */
import { ChannelClosedError, ChannelStateError } from '../errors/errors.js';
import { outOfRange } from '../errors/misuse.js';
import { NoRespondersError, PermissionViolationError } from './peers.js';

/** The oldest server that keeps a channel's end and what it is made of with its stream. */
const oldest = [2, 10] as const;

/** Throws unless a server of this version can hold a channel. */
export function mustBeNewEnough(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return;
  throw new ChannelStateError(
    `the NATS server is too old: it is ${version}, and channels need ${oldest.join('.')} or newer. Update the server`,
  );
}

export function noJetStream(cause: unknown): ChannelStateError {
  const text =
    'the NATS server has no JetStream for this account, which holds the messages of a channel: start it with ' +
    '`nats-server -js`, or put `jetstream {}` into its configuration (and `jetstream: enabled` into the account)';
  return new ChannelStateError(text, { cause });
}

export function otherwise(label: string, differences: readonly string[]): ChannelStateError {
  return new ChannelStateError(
    `the channel '${label}' is there, and was made otherwise: ${differences.join('; ')}. Open it as it was made, ` +
      'give it another name, or have it made anew: `destroy()` of the channel as it was made takes it away with what is in it',
  );
}

export function gone(label: string): ChannelClosedError {
  return new ChannelClosedError(
    `the channel '${label}' is closed: its stream was taken away from the server. Open it anew by natsChannel()`,
  );
}

export function notPermitted(cause: Error): ChannelStateError {
  const text =
    `the NATS server does not permit it (${cause.message}): let the user publish to 'millrace.>', '$JS.API.>', '$JS.ACK.>' ` +
    "and subscribe to '_INBOX.>' (and, for natsWatch, publish to '$KV.>')";
  return new ChannelStateError(text, { cause });
}

export function notLetIn(cause: Error): ChannelStateError {
  const text =
    `the NATS server does not let us in (${cause.message}): check user and password, token or credentials of the ` +
    'connection, and those that the server was configured with';
  return new ChannelStateError(text, { cause });
}

export function notReached(servers: string, cause: Error): ChannelStateError {
  const text = `no NATS server answers at ${servers} (${cause.message}): start one, or correct the connection's \`servers\``;
  return new ChannelStateError(text, { cause });
}

export function connectionClosed(cause: Error | undefined): ChannelStateError {
  const text =
    `the connection to the NATS server is closed${cause === undefined ? '' : ` (${cause.message})`}: connect anew, and open ` +
    'the channel on that. With `maxReconnectAttempts: -1` a connection never gives up';
  return new ChannelStateError(text, cause === undefined ? {} : { cause });
}

/** `most` is what the server takes, our headers not counted. */
export function tooLong(length: number, most: number): Error {
  const expected =
    `a message of up to ${most} bytes, which is what the NATS server takes: raise \`max_payload\` in its configuration, ` +
    'or send where the bytes lie';
  return outOfRange('value', expected, length);
}

/** The permission that was missing, if that is why. */
export function violationOf(error: unknown): Error | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof PermissionViolationError) return at;
  }
  return undefined;
}

/** Whether nobody answers at the subject: no such stream, no JetStream, or not yet. */
export function isNoResponders(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof NoRespondersError) return true;
  }
  return false;
}
