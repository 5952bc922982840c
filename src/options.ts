/** What a channel can be made with, read strictly: nothing that is asked for is ignored. */
import { type Flavor, Overflow } from './border/binding.js';
import { type WireCodec, readCodec } from './codecs/codec.js';
import { outOfRange, readKeys, refused, wrongType, wrongValue } from './errors/misuse.js';
import { adaptive } from './event-loop/polling.js';

/**
 * What every queue can be made with, beside its `codec`.
 *
 * @example
 * ```ts
 * import { type Options, unbounded } from 'millrace';
 *
 * const options: Options = { maxBytes: 8, label: 'jobs' };
 * const [tx, rx] = unbounded({ ...options, codec: 'text' });
 * console.log(tx.trySend('12345678'), tx.trySend('9'), rx.stats().label); // true false jobs
 * tx.close();
 * rx.close();
 * ```
 */
export interface Options {
  /** The most payload bytes that may be queued, 1 or more: beyond it the channel is full, and a longer message is a `RangeError`. A rendezvous queues none, so there only the latter counts. */
  maxBytes?: number;
  /** Gives every received message a buffer of its own; otherwise short ones share a block. */
  ownBuffers?: boolean;
  /** Microseconds that a blocking wait spins before it sleeps, up to 1,000,000; 0 for none. Adaptive by default. */
  spin?: number;
  /** Microseconds that an awaiting wait polls while messages keep coming, up to 1,000,000; 0 for none. Adaptive by default. */
  poll?: number;
  /**
   * What becomes of the channel when a sender goes with a thread that died: by an uncaught error, an exit code other
   * than 0, `terminate()` or its memory limit. `'close'`, the default: nothing more than when it is closed. `'fail'`: the
   * channel fails, and receivers, once they have what was accepted, get `ChannelFailedError` whose `cause` names the
   * thread and says how it ended.
   */
  onDeath?: 'close' | 'fail';
  /**
   * Keeps how long messages wait in the queue: `stats()` has `oldest` and `waited` then, and so have `inspect()` and the
   * console. A message costs some tens of nanoseconds more each way, and senders and receivers take turns at the queue.
   * Not for a rendezvous, where none waits.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text', timing: true });
   * tx.trySend('one');
   * const { oldest = 0 } = rx.stats();
   * rx.tryRecv();
   * const { waited } = rx.stats();
   * console.log(oldest > 0, waited?.count, rx.stats().oldest); // true 1 0
   * tx.close();
   * rx.close();
   * ```
   */
  timing?: boolean;
  /**
   * Has messages carry the context of the code that sends them: the W3C trace parent, and the values of the storages that
   * {@link carry} names. Code that follows a receive goes on in it. A message is longer by 8 bytes and what it carries, which
   * count in `stats().bytes`, `maxBytes` and `slotBytes`. Refs and receives into memory are not for such channels.
   *
   * @example
   * ```ts
   * import { AsyncLocalStorage } from 'node:async_hooks';
   * import { bounded, carry } from 'millrace';
   *
   * const requestId = new AsyncLocalStorage<string>();
   * carry('request id', requestId);
   * const [tx, rx] = bounded(8, { codec: 'text', context: true });
   * requestId.run('r1', () => tx.trySend('hello'));
   * console.log(await rx.recv(), requestId.getStore()); // hello r1
   * tx.close();
   * rx.close();
   * ```
   */
  context?: boolean;
  /** A name, shown by inspection and in `stats()`. */
  label?: string;
}

/**
 * What `bounded` can be made with, beside its `codec`.
 *
 * @example
 * ```ts
 * import { bounded, type BoundedOptions } from 'millrace';
 *
 * const options: BoundedOptions = { overflow: 'drop-newest', slotBytes: 1500 };
 * const [tx, rx] = bounded(1, options);
 * for (let byte = 1; byte <= 3; byte += 1) tx.trySend(Uint8Array.of(byte));
 * console.log(rx.tryRecv(), rx.stats().dropped); // Uint8Array(1) [ 1 ] 2
 * tx.close();
 * rx.close();
 * ```
 */
export interface BoundedOptions extends Options {
  /**
   * What becomes of a message for which there is no room: it waits, by default; it is dropped; or the oldest are,
   * until it fits. A channel that drops is never full to its senders, and counts in `stats().dropped` what is
   * lost. For a capacity of 1 or more.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(2, { codec: 'text', overflow: 'drop-oldest' });
   * tx.trySendMany(['one', 'two', 'three']);
   * console.log(rx.tryRecvMany(8), tx.stats().dropped); // [ 'two', 'three' ] 1
   * tx.close();
   * rx.close();
   * ```
   */
  overflow?: 'wait' | 'drop-newest' | 'drop-oldest';
  /**
   * The longest message, in bytes, 1 or more; a longer one is a `RangeError`. Memory for a full queue of them is made
   * at once, up to 1 GiB (`capacity` times `slotBytes`), and recycled until the channel is gone: no message
   * allocates. Where receivers hold messages, spare memory is made for as many, once. For a capacity of 1 or more.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(64, { slotBytes: 4096, prefault: true });
   * const packet = new Uint8Array(4096);
   * tx.trySend(new Uint8Array(1500));
   * console.log(rx.tryRecvInto(packet)); // 1500
   * tx.close();
   * rx.close();
   * ```
   */
  slotBytes?: number;
  /** Touches the memory of `slotBytes` now, so that the system need not hand it over page by page later. */
  prefault?: boolean;
}

/** Options, read once. */
export interface Settings {
  readonly codec: WireCodec;
  readonly ownBuffers: boolean;
  /** Microseconds, or -1 for adaptive. */
  readonly spin: number;
  /** Microseconds, or -1 for adaptive. */
  readonly poll: number;
  readonly label: string | undefined;
  /** -1 for none. */
  readonly maxBytes: number;
  /** As `create` takes it. */
  readonly overflow: number;
  /** -1 for none. */
  readonly slotBytes: number;
  readonly prefault: boolean;
  /** A sender that goes with a thread that died fails the channel. */
  readonly deathFails: boolean;
  /** How long messages wait is kept. */
  readonly timing: boolean;
  /** Messages carry the context of their senders. */
  readonly context: boolean;
  /** -1 where messages are not leased, 0 for any number of attempts. */
  readonly maxAttempts: number;
  /** Any value: whoever makes the channel looks at it. */
  readonly deadLetter: unknown;
}

const everyQueue = [
  'codec',
  'ownBuffers',
  'spin',
  'poll',
  'label',
  'maxBytes',
  'onDeath',
  'timing',
  'context',
] as const;
const ofLeases = ['ack', 'maxAttempts', 'deadLetter'] as const;
const boundedOnly = ['overflow', 'slotBytes', 'prefault'] as const;
const longestMicros = 1_000_000;
const mostAttempts = 2 ** 31 - 1;
/** The most memory that slots are made of. */
const mostSlotMemory = 2 ** 30;

/** Reads the options of a channel of this flavor and capacity. */
export function readOptions(flavor: keyof typeof Flavor, capacity: number, options: unknown): Settings {
  const given = readKeys('options', options, [...everyQueue, ...ofLeases, ...boundedOnly]);
  for (const name of boundedOnly) {
    if (flavor !== 'bounded' && given[name] !== undefined) {
      throw refused(`The option '${name}' is for bounded channels: one of flavor ${flavor} cannot honour it`);
    }
  }
  const overflow = readOverflow(given.overflow, capacity);
  const { ownBuffers = false, label } = given;
  if (typeof ownBuffers !== 'boolean') throw wrongType('options.ownBuffers', 'a boolean', ownBuffers);
  if (label !== undefined && typeof label !== 'string') throw wrongType('options.label', 'a string', label);
  const [spin, poll] = [readMicros('spin', given.spin), readMicros('poll', given.poll)];
  const maxBytes = readMaxBytes(given.maxBytes);
  const slotBytes = readSlotBytes(given.slotBytes, capacity);
  const prefault = readPrefault(given.prefault, slotBytes);
  const timing = readTiming(given.timing, capacity);
  const deathFails = readOnDeath(given.onDeath);
  const maxAttempts = readLeasing(flavor, capacity, given);
  const codec = readCodec(given.codec);
  const context = readContext(given.context);
  return {
    codec,
    ownBuffers,
    spin,
    poll,
    label,
    maxBytes,
    overflow,
    slotBytes,
    prefault,
    deathFails,
    timing,
    context,
    maxAttempts,
    deadLetter: given.deadLetter,
  };
}

/** How often a message is leased: -1 for not, 0 for any number of times. */
function readLeasing(
  flavor: keyof typeof Flavor,
  capacity: number,
  given: Partial<Record<(typeof ofLeases)[number] | 'overflow' | 'context', unknown>>,
): number {
  const { ack = false, maxAttempts, deadLetter, overflow } = given;
  if (typeof ack !== 'boolean') throw wrongType('options.ack', 'a boolean', ack);
  if (!ack) {
    const others = ofLeases.find((name) => name !== 'ack' && given[name] !== undefined);
    if (others === undefined) return -1;
    throw refused(`The option '${others}' is for channels made with ack: true`);
  }
  if (flavor !== 'bounded' && flavor !== 'unbounded') {
    throw refused(
      `The option 'ack' is for bounded and unbounded channels: one of flavor ${flavor} cannot honour it`,
    );
  }
  if (capacity === 0) {
    throw refused(
      "The option 'ack' is for a capacity of 1 or more. Received capacity 0, a rendezvous, which has nowhere to put a message back",
    );
  }
  if (overflow !== undefined) {
    throw refused("The options 'ack' and 'overflow' exclude each other: what is dropped is not processed");
  }
  if (given.context === true) {
    throw refused(
      "The options 'ack' and 'context' exclude each other: a lease is worked on outside of any context",
    );
  }
  if (maxAttempts === undefined) {
    if (deadLetter === undefined) return 0;
    throw refused(
      "The option 'deadLetter' is for channels with 'maxAttempts': without it nothing is sent there",
    );
  }
  if (typeof maxAttempts !== 'number')
    throw wrongType('options.maxAttempts', 'a number of attempts', maxAttempts);
  if (!Number.isInteger(maxAttempts) || maxAttempts < 1 || maxAttempts > mostAttempts) {
    throw outOfRange('options.maxAttempts', `an integer, 1 to ${mostAttempts}`, maxAttempts);
  }
  return maxAttempts;
}

function readSlotBytes(slotBytes: unknown, capacity: number): number {
  if (slotBytes === undefined) return -1;
  if (typeof slotBytes !== 'number') throw wrongType('options.slotBytes', 'a number of bytes', slotBytes);
  if (capacity === 0) {
    throw refused(
      "The option 'slotBytes' is for a capacity of 1 or more. Received capacity 0, a rendezvous, which has no slots",
    );
  }
  const most = Math.floor(mostSlotMemory / capacity);
  if (!Number.isInteger(slotBytes) || slotBytes < 1 || slotBytes > most) {
    const expected = `an integer, 1 to ${most} bytes: ${capacity} slots take up to 1 GiB`;
    throw outOfRange('options.slotBytes', expected, slotBytes);
  }
  return slotBytes;
}

function readPrefault(prefault: unknown, slotBytes: number): boolean {
  if (prefault === undefined) return false;
  if (typeof prefault !== 'boolean') throw wrongType('options.prefault', 'a boolean', prefault);
  if (prefault && slotBytes < 0) {
    throw refused(
      "The option 'prefault' is for channels with 'slotBytes'. Received prefault: true without it",
    );
  }
  return prefault;
}

function readOverflow(overflow: unknown, capacity: number): number {
  if (overflow === undefined) return Overflow.wait;
  if (overflow !== 'wait' && overflow !== 'drop-newest' && overflow !== 'drop-oldest') {
    const expected = "'wait', 'drop-newest' or 'drop-oldest'";
    throw (typeof overflow === 'string' ? wrongValue : wrongType)('options.overflow', expected, overflow);
  }
  if (overflow !== 'wait' && capacity === 0) {
    throw refused(
      `The option overflow: '${overflow}' is for a capacity of 1 or more. Received capacity 0, a rendezvous`,
    );
  }
  return Overflow[overflow];
}

/** Whether a sender that goes with a thread that died fails its channel. */
export function readOnDeath(onDeath: unknown): boolean {
  if (onDeath === undefined || onDeath === 'close' || onDeath === 'fail') return onDeath === 'fail';
  throw (typeof onDeath === 'string' ? wrongValue : wrongType)(
    'options.onDeath',
    "'close' or 'fail'",
    onDeath,
  );
}

/** Reads a `context` option. */
export function readContext(context: unknown): boolean {
  if (context !== undefined && typeof context !== 'boolean') {
    throw wrongType('options.context', 'a boolean', context);
  }
  return context === true;
}

function readTiming(timing: unknown, capacity: number): boolean {
  if (timing === undefined) return false;
  if (typeof timing !== 'boolean') throw wrongType('options.timing', 'a boolean', timing);
  if (timing && capacity === 0) {
    throw refused(
      "The option 'timing' is for a capacity of 1 or more. Received capacity 0, a rendezvous, where no message waits",
    );
  }
  return timing;
}

function readMaxBytes(maxBytes: unknown): number {
  if (maxBytes === undefined) return -1;
  if (typeof maxBytes !== 'number') throw wrongType('options.maxBytes', 'a number of bytes', maxBytes);
  if (!Number.isSafeInteger(maxBytes) || maxBytes < 1) {
    throw outOfRange('options.maxBytes', `an integer, 1 to ${Number.MAX_SAFE_INTEGER} bytes`, maxBytes);
  }
  return maxBytes;
}

function readMicros(name: 'spin' | 'poll', value: unknown): number {
  if (value === undefined) return adaptive;
  if (typeof value !== 'number') throw wrongType(`options.${name}`, 'a number of microseconds', value);
  if (!(value >= 0 && value <= longestMicros)) {
    throw outOfRange(`options.${name}`, '0 to 1,000,000 microseconds', value);
  }
  return value;
}
