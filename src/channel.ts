/** Making channels. */
import { Code, Flavor, binding, outcome } from './binding.js';
import type { BytesLike } from './bytes.js';
import { type Codec, type WireCodec, builtInCodec } from './codec.js';
import { ChannelStateError } from './errors.js';
import { Lease, type Traits } from './lease.js';
import { noMemory, outOfRange, refused, wrongType } from './misuse.js';
import { type BoundedOptions, type Options, readOptions } from './options.js';
import { type Receiver, ReceivingEnd } from './receiver.js';
import { type Sender, SendingEnd } from './sender.js';

/** What a channel can carry: anything but `undefined`, which is how "nothing" is said. */
export type Carried = {} | null;

/** Makes a channel; the codec decides what its sender takes and its receiver gives. */
export interface Make<A extends unknown[], O> {
  (
    ...args: [...A, options?: O & { codec?: 'bytes' }]
  ): [Sender<BytesLike>, Receiver<Uint8Array<ArrayBuffer>>];
  (...args: [...A, options: O & { codec: 'buffer' }]): [Sender<BytesLike>, Receiver<Buffer>];
  (...args: [...A, options: O & { codec: 'text' }]): [Sender<string>, Receiver<string>];
  (...args: [...A, options: O & { codec: 'f64' }]): [Sender<number>, Receiver<number>];
  (...args: [...A, options: O & { codec: 'json' | 'structured' }]): [Sender<unknown>, Receiver<unknown>];
  <T extends Carried>(
    ...args: [...A, options: O & { codec: 'json' | 'structured' }]
  ): [Sender<T>, Receiver<T>];
  <In extends Carried, Out extends Carried>(
    ...args: [...A, options: O & { codec: Codec<In, Out> }]
  ): [Sender<In>, Receiver<Out>];
}

const mostCapacity = 2 ** 23;

/**
 * A channel that holds up to `capacity` messages, 1 to 8,388,608; when it is full, sends wait.
 *
 * Throws a `RangeError` for a capacity out of range or that memory cannot hold, and a `TypeError` for a wrong
 * type or an unknown option.
 *
 * @example
 * ```ts
 * import { bounded } from 'millrace';
 *
 * const [tx, rx] = bounded<{ id: number }>(64, { codec: 'json', label: 'jobs' });
 * await tx.send({ id: 1 });
 * console.log((await rx.recv()).id); // 1
 * tx.close();
 * rx.close();
 * ```
 */
export const bounded = function bounded(capacity: unknown, options?: unknown) {
  if (typeof capacity !== 'number') throw wrongType('capacity', 'a number', capacity);
  if (capacity === 0)
    throw refused('A capacity of 0, a rendezvous channel, is not available in this version');
  if (!Number.isInteger(capacity) || capacity < 0 || capacity > mostCapacity) {
    throw outOfRange('capacity', `an integer, 1 to ${mostCapacity}`, capacity);
  }
  return make('bounded', capacity, options);
} as Make<[capacity: number], BoundedOptions>;

/**
 * A channel that is never full: it grows as memory allows.
 *
 * Throws a `TypeError` for an option of a wrong type or an unknown one.
 *
 * @example
 * ```ts
 * import { unbounded } from 'millrace';
 *
 * const [tx, rx] = unbounded({ codec: 'f64' });
 * tx.trySend(0.5);
 * console.log(rx.tryRecv()); // 0.5
 * tx.close();
 * rx.close();
 * ```
 */
export const unbounded = function unbounded(options?: unknown) {
  return make('unbounded', 0, options);
} as Make<[], Options>;

function make(
  flavor: 'bounded' | 'unbounded',
  capacity: number,
  options: unknown,
): [Sender<never>, Receiver<unknown>] {
  const { spin, label, ...traits } = readOptions(flavor, options);
  const result = binding.create(Flavor[flavor], capacity, spin, label, writeTraits(traits));
  if (result !== Code.ok) throw noMemory(`there is not enough memory for a channel of capacity ${capacity}`);
  const [sender, receiver] = [outcome[0] as number, outcome[1] as number];
  return [new SendingEnd(new Lease(sender, traits)), new ReceivingEnd(new Lease(receiver, traits))];
}

/** Traits, as they travel with the channel. */
export function writeTraits({ codec, ownBuffers, poll }: Traits): string {
  return JSON.stringify({ codec: codec.name, ownBuffers, poll });
}

/** The traits that came with a channel; its codec is a built-in one or among `codecs`. */
export function readTraits(written: string, codecs: ReadonlyMap<string, WireCodec>): Traits {
  const { codec: name, ownBuffers, poll } = JSON.parse(written) as Omit<Traits, 'codec'> & { codec: string };
  const codec = builtInCodec(name) ?? codecs.get(name);
  if (codec === undefined) throw new ChannelStateError(`the ticket does not say that its codec is '${name}'`);
  return { codec, ownBuffers, poll };
}
