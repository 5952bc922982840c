/** What a channel can be made with, read strictly: nothing that is asked for is ignored. */
import { type WireCodec, readCodec } from './codec.js';
import { outOfRange, readKeys, refused, wrongType, wrongValue } from './misuse.js';
import { adaptive } from './polling.js';

/** What every queue can be made with, beside its `codec`. */
export interface Options {
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
  /** What a send does that finds no room: it waits. */
  overflow?: 'wait';
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
}

const everyQueue = ['codec', 'ownBuffers', 'spin', 'poll', 'label', 'maxBytes'] as const;
const boundedOnly = ['overflow', 'slotBytes', 'prefault'] as const;
const longestMicros = 1_000_000;

/** Reads the options of a channel of this flavor. */
export function readOptions(flavor: 'bounded' | 'unbounded', options: unknown): Settings {
  const given = readKeys('options', options, [...everyQueue, ...boundedOnly]);
  for (const name of boundedOnly) {
    if (flavor !== 'bounded' && given[name] !== undefined) {
      throw refused(`The option '${name}' is for bounded channels: an ${flavor} one cannot honour it`);
    }
  }
  for (const name of ['maxBytes', 'slotBytes', 'prefault'] as const) {
    if (given[name] !== undefined) throw refused(`The option '${name}' is not available in this version`);
  }
  readOverflow(given.overflow);
  const { ownBuffers = false, label } = given;
  if (typeof ownBuffers !== 'boolean') throw wrongType('options.ownBuffers', 'a boolean', ownBuffers);
  if (label !== undefined && typeof label !== 'string') throw wrongType('options.label', 'a string', label);
  const [spin, poll] = [readMicros('spin', given.spin), readMicros('poll', given.poll)];
  return { codec: readCodec(given.codec), ownBuffers, spin, poll, label };
}

function readOverflow(overflow: unknown): void {
  if (overflow === undefined || overflow === 'wait') return;
  if (overflow === 'drop-newest' || overflow === 'drop-oldest') {
    throw refused(`The option overflow: '${overflow}' is not available in this version`);
  }
  const expected = "'wait', 'drop-newest' or 'drop-oldest'";
  throw (typeof overflow === 'string' ? wrongValue : wrongType)('options.overflow', expected, overflow);
}

function readMicros(name: 'spin' | 'poll', value: unknown): number {
  if (value === undefined) return adaptive;
  if (typeof value !== 'number') throw wrongType(`options.${name}`, 'a number of microseconds', value);
  if (!(value >= 0 && value <= longestMicros)) {
    throw outOfRange(`options.${name}`, '0 to 1,000,000 microseconds', value);
  }
  return value;
}
