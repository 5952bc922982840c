/** What a channel can be made with, read strictly: nothing that is asked for is ignored. */
import { type Flavor, Overflow } from './binding.js';
import { type WireCodec, readCodec } from './codec.js';
import { outOfRange, readKeys, refused, wrongType, wrongValue } from './misuse.js';
import { adaptive } from './polling.js';

/** What every queue can be made with, beside its `codec`. */
export interface Options {
  /** The most payload bytes that may be queued, 1 or more: beyond it the channel is full, and a longer message is a `RangeError`. A rendezvous queues none, so there only the latter counts. */
  maxBytes?: number;
  /** Gives every received message a buffer of its own; otherwise short ones share a block. */
  ownBuffers?: boolean;
  /** Microseconds that a blocking wait spins before it sleeps, up to 1,000,000; 0 for none. Adaptive by default. */
  spin?: number;
  /** Microseconds that an awaiting wait polls while messages keep coming, up to 1,000,000; 0 for none. Adaptive by default. */
  poll?: number;
  /** A name, shown by inspection and in `stats()`. */
  label?: string;
}

/** What `bounded` can be made with, beside its `codec`. */
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
}

const everyQueue = ['codec', 'ownBuffers', 'spin', 'poll', 'label', 'maxBytes'] as const;
const boundedOnly = ['overflow', 'slotBytes', 'prefault'] as const;
const longestMicros = 1_000_000;

/** Reads the options of a channel of this flavor and capacity. */
export function readOptions(flavor: keyof typeof Flavor, capacity: number, options: unknown): Settings {
  const given = readKeys('options', options, [...everyQueue, ...boundedOnly]);
  for (const name of boundedOnly) {
    if (flavor !== 'bounded' && given[name] !== undefined) {
      throw refused(`The option '${name}' is for bounded channels: one of flavor ${flavor} cannot honour it`);
    }
  }
  for (const name of ['slotBytes', 'prefault'] as const) {
    if (given[name] !== undefined) throw refused(`The option '${name}' is not available in this version`);
  }
  const overflow = readOverflow(given.overflow, capacity);
  const { ownBuffers = false, label } = given;
  if (typeof ownBuffers !== 'boolean') throw wrongType('options.ownBuffers', 'a boolean', ownBuffers);
  if (label !== undefined && typeof label !== 'string') throw wrongType('options.label', 'a string', label);
  const [spin, poll] = [readMicros('spin', given.spin), readMicros('poll', given.poll)];
  const maxBytes = readMaxBytes(given.maxBytes);
  return { codec: readCodec(given.codec), ownBuffers, spin, poll, label, maxBytes, overflow };
}

function readOverflow(overflow: unknown, capacity: number): number {
  if (overflow === undefined) return Overflow.wait;
  if (overflow !== 'wait' && overflow !== 'drop-newest' && overflow !== 'drop-oldest') {
    const expected = "'wait', 'drop-newest' or 'drop-oldest'";
    throw (typeof overflow === 'string' ? wrongValue : wrongType)('options.overflow', expected, overflow);
  }
  if (overflow !== 'wait' && capacity === 0) {
    throw refused(
      `The option overflow: '${overflow}' is for a capacity of 1 or more: a rendezvous cannot honour it`,
    );
  }
  return Overflow[overflow];
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
