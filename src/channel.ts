/** Making channels. */
import { Code, Flavor, Overflow, binding, mostCapacity, outcome } from './border/binding.js';
import type { BytesLike } from './border/bytes.js';
import type { Codec, OneOfTheCodecs, WireCodec } from './codecs/codec.js';
import { endClasses } from './context/ends.js';
import { tellOpened } from './observe/diagnostics.js';
import { failure } from './border/native-errors.js';
import { EndState } from './ends/end-state.js';
import { QueueEnd } from './ends/handle.js';
import { idleStateOf } from './ends/idle.js';
import { noMemory, outOfRange, refused, wrongType } from './errors/misuse.js';
import type { LeaseOptions, LeaseReceiver } from './leases/lease.js';
import { LeaseReceivingEnd } from './leases/leasing-end.js';
import type { BoundedOptions, Options } from './options.js';
import { readOptions } from './read-options.js';
import type { Receiver, SoleReceiver } from './ends/receiver.js';
import type { ReceivingEnd } from './ends/receiving/receiving-end.js';
import type { Sender } from './ends/sender.js';
import { SendingEnd } from './ends/sending/sending-end.js';
import { traitsOf, writeTraits } from './traits.js';
import { serveIfAsked } from './observe/served.js';

serveIfAsked();

/**
 * What a channel can carry: anything but `undefined`, which is how "nothing" is said.
 *
 * @example
 * ```ts
 * import { bounded, type Carried } from 'millrace';
 *
 * function pairOf<T extends Carried>(value: T) {
 *   const [tx, rx] = bounded<T>(1, { codec: 'json' });
 *   tx.trySend(value);
 *   return { tx, rx };
 * }
 * const { tx, rx } = pairOf({ job: 1 });
 * console.log(rx.tryRecv()?.job); // 1
 * tx.close();
 * rx.close();
 * ```
 */
export type Carried = {} | null;

/**
 * The receiving end of a flavor: one that can be cloned, the only one there is, or one that leases.
 *
 * @example
 * ```ts
 * import { channel, type End, type Sender } from 'millrace';
 *
 * const [tx, rx]: [Sender<string>, End<'sole', string>] = channel({ codec: 'text' });
 * console.log('clone' in rx); // false
 * tx.close();
 * rx.close();
 * ```
 */
export type End<R, T> = R extends 'leased'
  ? LeaseReceiver<T>
  : R extends 'shared'
    ? Receiver<T>
    : SoleReceiver<T>;

/**
 * Makes a channel; the codec decides what its sender takes and its receiver gives.
 *
 * @example
 * ```ts
 * import { channel, unbounded, type Make, type Options } from 'millrace';
 *
 * function echo(make: Make<[], 'shared' | 'sole', Options>) {
 *   const [tx, rx] = make({ codec: 'text' });
 *   tx.trySend('heard');
 *   tx.close();
 *   return rx.recvSync();
 * }
 * console.log(echo(unbounded), echo(channel)); // heard heard
 * ```
 */
export interface Make<A extends unknown[], R extends 'shared' | 'sole' | 'leased', O> {
  (...args: [...A, options?: O & { codec?: 'bytes' }]): [Sender<BytesLike>, End<R, Uint8Array<ArrayBuffer>>];
  (...args: [...A, options: O & { codec: 'buffer' }]): [Sender<BytesLike>, End<R, Buffer>];
  (...args: [...A, options: O & { codec: 'text' }]): [Sender<string>, End<R, string>];
  (...args: [...A, options: O & { codec: 'f64' }]): [Sender<number>, End<R, number>];
  (...args: [...A, options: O & { codec: 'json' | 'structured' }]): [Sender<unknown>, End<R, unknown>];
  <T extends Carried>(...args: [...A, options: O & { codec: 'json' | 'structured' }]): [Sender<T>, End<R, T>];
  <In extends Carried, Out extends Carried>(
    ...args: [...A, options: O & { codec: Codec<In, Out> }]
  ): [Sender<In>, End<R, Out>];
  /** What an unknown codec is answered with. */
  (...args: [...A, options: O & { codec: OneOfTheCodecs }]): [Sender<Carried>, End<R, Carried>];
}

/** Options of a channel that does not lease its messages. */
interface Unleased {
  ack?: undefined;
  maxAttempts?: undefined;
  deadLetter?: undefined;
}
type LeasedOptions = Options & LeaseOptions;
type LeasedBoundedOptions = Omit<BoundedOptions, 'overflow'> & LeaseOptions & { overflow?: undefined };

/**
 * A channel that holds up to `capacity` messages, 0 to 8,388,608; when it is full, sends wait, or what `overflow`
 * says. With 0 it is a rendezvous: a send completes only when a receive takes the message, `trySend` succeeds only
 * against a waiting receive, and the other way round.
 *
 * Throws a `RangeError` for a capacity or `slotBytes` out of range or that memory cannot hold, and a `TypeError` for a
 * wrong type or an unknown option.
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
  return make('bounded', readCapacity('capacity', capacity), options);
} as Make<[capacity: number], 'shared', BoundedOptions & Unleased> &
  Make<[capacity: number], 'leased', LeasedBoundedOptions>;

/**
 * A channel that is never full: it grows as memory allows, or up to `maxBytes`. Without `maxBytes`, more than 100,000
 * messages or 256 MB in it bring a process warning, `MILLRACE_GROWING`, once.
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
} as Make<[], 'shared', Options & Unleased> & Make<[], 'leased', LeasedOptions>;

/**
 * Rust's `sync_channel`: as `bounded`, but with one receiver that cannot be cloned, by its type and at run time.
 * With a bound of 0 it is a rendezvous.
 *
 * Throws as `bounded` does.
 *
 * @example
 * ```ts
 * import { syncChannel } from 'millrace';
 *
 * const [tx, rx] = syncChannel(1, { codec: 'text' });
 * console.log(tx.trySend('one'), tx.trySend('two')); // true false
 * console.log(rx.tryRecv(), 'clone' in rx); // one false
 * tx.close();
 * rx.close();
 * ```
 */
export const syncChannel = function syncChannel(bound: unknown, options?: unknown) {
  return make('sync', readCapacity('bound', bound), options);
} as unknown as Make<[bound: number], 'sole', Options>;

/**
 * Rust's `mpsc::channel`: as `unbounded`, but with one receiver that cannot be cloned, by its type and at run time.
 *
 * Throws as `unbounded` does.
 *
 * @example
 * ```ts
 * import { channel } from 'millrace';
 *
 * const [tx, rx] = channel({ codec: 'text' });
 * tx.trySendMany(['one', 'two']);
 * tx.close();
 * for await (const message of rx) console.log(message); // one, then two
 * rx.close();
 * ```
 */
export const channel = function channel(options?: unknown) {
  return make('channel', 0, options);
} as unknown as Make<[], 'sole', Options>;

function readCapacity(name: string, capacity: unknown): number {
  if (typeof capacity !== 'number') throw wrongType(name, 'a number', capacity);
  if (!Number.isInteger(capacity) || capacity < 0 || capacity > mostCapacity) {
    throw outOfRange(name, `an integer, 0 to ${mostCapacity}`, capacity);
  }
  return capacity;
}

function make(
  flavor: 'bounded' | 'unbounded' | 'sync' | 'channel',
  capacity: number,
  options: unknown,
): [Sender<never>, Receiver<unknown>] {
  const bounds = flavor === 'bounded' || flavor === 'sync' ? capacity : Infinity;
  const settings = readOptions(flavor, bounds, options);
  const {
    spin,
    label,
    maxBytes,
    overflow,
    slotBytes,
    prefault,
    deathFails,
    timing,
    context,
    maxAttempts,
    deadLetter,
    ...ofEnds
  } = settings;
  const traits = traitsOf(
    {
      ...ofEnds,
      drops: overflow !== Overflow.wait,
      ...(maxAttempts < 0 ? {} : { leases: true }),
      ...(bounds === Infinity && maxBytes < 0 ? { grows: true } : {}),
    },
    context,
  );
  const letters = deadLetter === undefined ? undefined : readDeadLetter(deadLetter, traits.codec);
  const last = letters?.state.look('transferred');
  const result = binding.create(
    Flavor[flavor],
    capacity,
    spin,
    label,
    writeTraits(traits),
    maxBytes,
    overflow,
    slotBytes,
    prefault,
    traits.poll === 0,
    deathFails,
    timing,
    maxAttempts,
    letters?.state.handle ?? -1,
  );
  if (result === Code.noNames || result === Code.spent) throw failure(result);
  if (result !== Code.ok) {
    const slots = slotBytes < 0 ? '' : ` with slots of ${slotBytes} bytes`;
    throw noMemory(`there is not enough memory for a channel of capacity ${capacity}${slots}`);
  }
  const [sender, receiver] = [outcome[0] as number, outcome[1] as number];
  if (letters !== undefined && last !== undefined) {
    letters.state.retire(last);
    QueueEnd.passedOn(letters.end);
  }
  const state = new EndState(receiver, traits);
  const end = receivingEnd(Flavor[flavor], state);
  tellOpened(flavor, label);
  const { Sending } = endClasses(traits.context);
  return [new Sending(new EndState(sender, traits)), end as SoleReceiver<unknown> as Receiver<unknown>];
}

/** Reads the sender of dead letters, which carries what the channel carries. */
function readDeadLetter(deadLetter: unknown, codec: WireCodec): { end: SendingEnd<never>; state: EndState } {
  if (!(deadLetter instanceof SendingEnd)) throw wrongType('options.deadLetter', 'a Sender', deadLetter);
  const state = idleStateOf(deadLetter, 'given to a channel');
  const { name } = state.traits.codec;
  if (wireOf(name) !== wireOf(codec.name)) {
    throw refused(
      `The "options.deadLetter" argument must be a Sender of the channel's codec, '${codec.name}'. Received one of '${name}'`,
    );
  }
  return { end: deadLetter, state };
}

/** Codecs whose messages are the same bytes. */
function wireOf(codec: string): string {
  return codec === 'buffer' ? 'bytes' : codec;
}

/** The receiving end of a queue. */
export function receivingEnd(flavor: number, state: EndState): ReceivingEnd<unknown> {
  if (state.traits.leases === true) return new LeaseReceivingEnd(state);
  const { Receiving, SharedReceiving } = endClasses(state.traits.context);
  return isSole(flavor) ? new Receiving(state) : new SharedReceiving(state);
}

/** Whether a channel of this flavor has one receiver only. */
function isSole(flavor: number): boolean {
  return flavor === Flavor.sync || flavor === Flavor.channel;
}
