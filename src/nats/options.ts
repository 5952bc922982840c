/** What a channel over NATS can be made with, read strictly. */
import { type WireCodec, readCodec } from '../codecs/codec.js';
import type { AsyncSender } from '../ends/async-ends.js';
import { outOfRange, readKeys, refused, wrongType, wrongValue } from '../errors/misuse.js';

/**
 * What {@link natsChannel} can be made with, beside its `codec` and `ack`. Who opens a channel that is there says the
 * same `capacity`, `codec`, `overflow`, `ackWait`, `window`, `storage` and `replicas`.
 *
 * @example
 * ```ts needs=nats
 * import { natsChannel, type NatsOptions } from 'millrace/nats';
 *
 * const options: NatsOptions = { capacity: 2, storage: 'memory' };
 * const jobs = await natsChannel({ servers: process.env['NATS_URL']! }, 'options', { ...options, codec: 'text' });
 * const [tx, rx] = [jobs.sender(), jobs.receiver()];
 * console.log(await tx.sendMany(['one', 'two', 'three'], { timeout: 50 })); // 2
 * console.log(await rx.recvMany(8)); // [ 'one', 'two' ]
 * await jobs.destroy();
 * ```
 */
export interface NatsOptions {
  /** The most messages that the server keeps, those given out and not settled included: 1 or more, `Infinity` for no limit but the server's. */
  capacity: number;
  /** What becomes of a message for which there is no room: it waits, by default; or the oldest is dropped. */
  overflow?: 'wait' | 'drop-oldest';
  /**
   * Milliseconds after which the server gives a message out again whose receiver has gone without a word, 1,000 or more;
   * 30,000 by default. A lease is kept as long as its process lives and is connected.
   */
  ackWait?: number;
  /** Milliseconds in which the server knows a message again that is sent once more, because its answer was lost: 100 or more, 120,000 by default. */
  window?: number;
  /** Where the server keeps messages: `'file'`, the default, outlives its restart; `'memory'` does not. */
  storage?: 'file' | 'memory';
  /** On how many servers of a cluster messages are kept: 1 to 5, 1 by default. */
  replicas?: number;
}

/**
 * What {@link natsChannel} can be made with where messages are leased (`ack: true`).
 *
 * @example
 * ```ts needs=nats
 * import { unbounded } from 'millrace';
 * import { natsChannel, type NatsLeaseOptions } from 'millrace/nats';
 *
 * const [deadLetter, dead] = unbounded({ codec: 'text' });
 * const options: NatsLeaseOptions = { capacity: 8, ack: true, maxAttempts: 2, deadLetter };
 * const jobs = await natsChannel({ servers: process.env['NATS_URL']! }, 'dead-letters', { ...options, codec: 'text' });
 * const [tx, rx] = [jobs.sender(), jobs.receiver()];
 * await tx.send('a job that nobody can do');
 * (await rx.recv()).nack();
 * console.log((await rx.recv()).attempt); // 2
 * await jobs.close(); // unsettled leases go back: that was the last attempt
 * console.log(await dead.recv()); // a job that nobody can do
 * ```
 */
export interface NatsLeaseOptions extends NatsOptions {
  /** Receivers give leases: a message is the channel's until it is acknowledged. */
  ack: true;
  /** How many times a message is given out, 1 or more; without a limit by default. After that it goes to `deadLetter`, or is thrown away. */
  maxAttempts?: number;
  /** Where messages go after `maxAttempts`. */
  deadLetter?: AsyncSender<never>;
}

export interface NatsSettings {
  readonly codec: WireCodec;
  readonly capacity: number;
  readonly dropsOldest: boolean;
  readonly ack: boolean;
  readonly maxAttempts: number;
  readonly deadLetter: AsyncSender<unknown> | undefined;
  readonly ackWait: number;
  readonly window: number;
  readonly storage: 'file' | 'memory';
  readonly replicas: number;
}

const keys = [
  'capacity',
  'codec',
  'overflow',
  'ack',
  'maxAttempts',
  'deadLetter',
  'ackWait',
  'window',
  'storage',
  'replicas',
] as const;

export function readNatsOptions(options: unknown): NatsSettings {
  if (options === undefined) throw wrongType('options', 'an object with a capacity', options);
  const given = readKeys('options', options, keys);
  const { ack = false, overflow = 'wait', storage = 'file' } = given;
  if (typeof ack !== 'boolean') throw wrongType('options.ack', 'a boolean', ack);
  if (overflow !== 'wait' && overflow !== 'drop-oldest') {
    const expected = "'wait' or 'drop-oldest'";
    throw (typeof overflow === 'string' ? wrongValue : wrongType)('options.overflow', expected, overflow);
  }
  if (ack && overflow !== 'wait') {
    throw refused(
      "The option overflow: 'drop-oldest' cannot be honoured with ack: true: what was leased would be dropped",
    );
  }
  if (storage !== 'file' && storage !== 'memory') {
    throw (typeof storage === 'string' ? wrongValue : wrongType)(
      'options.storage',
      "'file' or 'memory'",
      storage,
    );
  }
  return {
    codec: readCodec(given.codec),
    capacity: readCapacity(given.capacity),
    dropsOldest: overflow === 'drop-oldest',
    ack,
    ...readAttempts(ack, given.maxAttempts, given.deadLetter),
    ackWait: readNumber('ackWait', given.ackWait, 30_000, 1000, 86_400_000),
    window: readNumber('window', given.window, 120_000, 100, 86_400_000),
    storage,
    replicas: readNumber('replicas', given.replicas, 1, 1, 5),
  };
}

function readCapacity(capacity: unknown): number {
  if (typeof capacity !== 'number') throw wrongType('options.capacity', 'a number of messages', capacity);
  if (capacity === Infinity) return capacity;
  if (!Number.isSafeInteger(capacity) || capacity < 1) {
    const expected = 'an integer, 1 or more, or Infinity: there is no rendezvous over a network';
    throw outOfRange('options.capacity', expected, capacity);
  }
  return capacity;
}

function readAttempts(
  ack: boolean,
  maxAttempts: unknown,
  deadLetter: unknown,
): Pick<NatsSettings, 'maxAttempts' | 'deadLetter'> {
  if (!ack && (maxAttempts !== undefined || deadLetter !== undefined)) {
    throw refused("The options 'maxAttempts' and 'deadLetter' are for channels with ack: true");
  }
  if (deadLetter !== undefined) {
    if (maxAttempts === undefined) {
      throw refused("The option 'deadLetter' needs 'maxAttempts': without it no message is given up");
    }
    if (typeof deadLetter !== 'object' || deadLetter === null || !('send' in deadLetter)) {
      throw wrongType('options.deadLetter', 'an AsyncSender', deadLetter);
    }
  }
  return {
    maxAttempts:
      maxAttempts === undefined
        ? Infinity
        : readNumber('maxAttempts', maxAttempts, 1, 1, Number.MAX_SAFE_INTEGER),
    deadLetter: deadLetter as AsyncSender<unknown> | undefined,
  };
}

function readNumber(name: string, value: unknown, otherwise: number, least: number, most: number): number {
  if (value === undefined) return otherwise;
  if (typeof value !== 'number') throw wrongType(`options.${name}`, 'a number', value);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw outOfRange(`options.${name}`, `an integer, ${least} to ${most}`, value);
  }
  return value;
}

/** Reads the name of a channel or value: letters, digits, `-` and `_`, which are safe in a subject and in a stream's name. */
export function readName(name: unknown): string {
  if (typeof name !== 'string') throw wrongType('name', 'a string', name);
  if (!/^[\w-]{1,200}$/.test(name)) throw wrongValue('name', "1 to 200 of A-Z, a-z, 0-9, '-' and '_'", name);
  return name;
}
