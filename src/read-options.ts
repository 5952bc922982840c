/** Reads what a channel is to be made with, strictly: nothing that is asked for is ignored. */
import { type Flavor, Overflow } from './border/binding.js';
import { type WireCodec, readCodec } from './codecs/codec.js';
import { outOfRange, readKeys, refused, wrongType, wrongValue } from './errors/misuse.js';
import { adaptive } from './event-loop/polling.js';

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
