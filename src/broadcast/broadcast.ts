/** Broadcast: every receiver gets every message. What its ends promise, and making one. */
import { Code, binding, mostCapacity, outcome } from '../border/binding.js';
import type { BytesLike } from '../border/bytes.js';
import { failure } from '../border/native-errors.js';
import type { Carried } from '../channel.js';
import { traitsOf, writeTraits } from '../traits.js';
import { type Codec, type OneOfTheCodecs, readCodec } from '../codecs/codec.js';
import { EndState } from '../ends/end-state.js';
import type { SoleReceiver } from '../ends/receiver.js';
import type { Sender } from '../ends/sender.js';
import { noMemory, outOfRange, readKeys, wrongType, wrongValue } from '../errors/misuse.js';
import { endClasses } from '../context/ends.js';
import { adaptive } from '../event-loop/polling.js';
import { readContext, readOnDeath } from '../read-options.js';
import { tellOpened } from '../observe/diagnostics.js';
import type { SendRef } from '../refs/refs.js';

/**
 * What a broadcast is made with, beside its `codec`.
 *
 * @example
 * ```ts
 * import { broadcast, type BroadcastOptions } from 'millrace';
 *
 * const options: BroadcastOptions = { lag: 'skip', replay: 1, label: 'prices' };
 * const [tx, rx] = broadcast(2, { ...options, codec: 'f64' });
 * for (const price of [1, 2, 3]) tx.trySend(price);
 * console.log(rx.tryRecv(), rx.skipped); // 2 1
 * console.log(tx.subscribe().tryRecv()); // 3
 * tx.close();
 * rx.close();
 * ```
 */
export interface BroadcastOptions {
  /**
   * What becomes of a receiver that is slow. `'wait'`, by default: a send waits for it. `'skip'`: sends never wait; a
   * receiver more than `capacity` behind goes on with the oldest message that is kept, and counts what it missed.
   */
  lag?: 'wait' | 'skip';
  /** How many of the last messages a new receiver of `subscribe` gets first, 0 to `capacity`; 0 by default. */
  replay?: number;
  /** What becomes of it when a sender goes with a thread that died, as of a queue: `'close'` by default. */
  onDeath?: 'close' | 'fail';
  /** As for {@link bounded}: messages carry the context of the code that sends them, to every receiver. */
  context?: boolean;
  /** A name, shown by inspection and in `stats()`. */
  label?: string;
}

/**
 * The sending end of a broadcast: as a {@link Sender}, but each message goes to every receiver. It is encoded once and
 * kept once, and freed when the last receiver has it. Without receivers sends are accepted, and counted as
 * `discarded`: one may come.
 *
 * @example
 * ```ts
 * import { broadcast, type BroadcastSender } from 'millrace';
 *
 * function announce(out: BroadcastSender<string>, ...lines: string[]) {
 *   for (const line of lines) out.sendSync(line);
 *   out.close();
 * }
 * const [tx, rx] = broadcast(8, { codec: 'text' });
 * const second = tx.subscribe();
 * announce(tx, 'one', 'two');
 * console.log([...rx.iterSync()], [...second.iterSync()]); // [ 'one', 'two' ] [ 'one', 'two' ]
 * rx.close();
 * second.close();
 * ```
 */
export interface BroadcastSender<
  in T,
  // oxlint-disable-next-line typescript/no-explicit-any -- what its receivers give is not said by what it takes.
  out R = any,
> extends Omit<Sender<T>, 'clone' | 'batch' | 'sendRef' | 'sameChannel'> {
  /**
   * Another receiver: it gets what is sent from now on, and the last `replay` messages first, whoever was there.
   *
   * @example
   * ```ts
   * import { broadcast } from 'millrace';
   *
   * const [tx, rx] = broadcast(8, { codec: 'text', replay: 1 });
   * tx.trySendMany(['one', 'two']);
   * const late = tx.subscribe();
   * tx.trySend('three');
   * console.log(late.tryRecvMany(8), rx.tryRecvMany(8)); // [ 'two', 'three' ] [ 'one', 'two', 'three' ]
   * for (const end of [tx, rx, late]) end.close();
   * ```
   */
  subscribe(): BroadcastReceiver<R>;
  /**
   * Another sending end of the same broadcast, counted: it stays open until each is closed.
   *
   * @example
   * ```ts
   * import { broadcast } from 'millrace';
   *
   * const [tx, rx] = broadcast(8, { codec: 'text' });
   * const second = tx.clone();
   * tx.close();
   * console.log(second.trySend('still open')); // true
   * second.close();
   * rx.close();
   * ```
   */
  clone(): BroadcastSender<T, R>;
  /**
   * As a {@link Sender.sendRef}: memory to fill in place. What is received by ref is a copy where other receivers
   * still have to see it.
   *
   * @example
   * ```ts
   * import { broadcast } from 'millrace';
   *
   * const [tx, rx] = broadcast(8);
   * const ref = tx.sendRef(1_000_000);
   * ref.bytes.fill(7);
   * ref.trySend();
   * console.log(rx.tryRecv()?.length); // 1000000
   * tx.close();
   * rx.close();
   * ```
   */
  sendRef(this: BroadcastSender<BytesLike>, byteLength: number): SendRef;
  /**
   * Whether both are ends of one broadcast.
   *
   * @example
   * ```ts
   * import { broadcast } from 'millrace';
   *
   * const [tx, rx] = broadcast(8);
   * console.log(tx.sameChannel(rx), tx.sameChannel(tx.clone())); // true true
   * tx.close();
   * rx.close();
   * ```
   */
  sameChannel(other: Sender<never> | BroadcastSender<never> | SoleReceiver<unknown>): boolean;
}

/**
 * A receiving end of a broadcast: it gets every message that was accepted after its place, in the order that is the
 * same for all. `cancel` concerns it alone, its reason too, and so do `length` and `isEmpty`. Closed, or its thread dead, it holds
 * nobody up.
 *
 * @example
 * ```ts
 * import { broadcast, type BroadcastReceiver } from 'millrace';
 *
 * async function listen(name: string, from: BroadcastReceiver<string>) {
 *   for await (const line of from) console.log(name, line);
 *   from.close();
 * }
 * const [tx, rx] = broadcast(8, { codec: 'text' });
 * const heard = [listen('first', rx.clone()), listen('second', rx)];
 * await tx.send('hello'); // first hello, and second hello
 * tx.close();
 * await Promise.all(heard);
 * ```
 */
export interface BroadcastReceiver<T> extends SoleReceiver<T> {
  /** How many messages this receiver has missed, or passed over by `latest`; 0 at `clone`. Where a send waits it misses none. */
  readonly skipped: number;
  /**
   * Another receiver that goes on from the same place: each of the two gets every message from there.
   *
   * @example
   * ```ts
   * import { broadcast } from 'millrace';
   *
   * const [tx, rx] = broadcast(8, { codec: 'text' });
   * tx.trySendMany(['one', 'two']);
   * rx.tryRecv();
   * const second = rx.clone();
   * console.log(rx.tryRecv(), second.tryRecv()); // two two
   * for (const end of [tx, rx, second]) end.close();
   * ```
   */
  clone(): BroadcastReceiver<T>;
}

/**
 * A channel whose every receiver gets every message: `capacity`, 1 to 8,388,608, is how far the slowest may be behind.
 * More receivers come by `subscribe` and by `clone`. What takes a receiver takes one of these: `for await`, `select`,
 * streams, `transfer`. A reusable ticket of a receiver marks no place: whoever attaches it begins as by `subscribe`.
 *
 * Throws a `RangeError` for a capacity or `replay` out of range or that memory cannot hold, and a `TypeError` for a
 * wrong type or an unknown option.
 *
 * @example
 * ```ts
 * import { broadcast } from 'millrace';
 *
 * const [tx, rx] = broadcast<{ level: string }>(64, { codec: 'json', label: 'settings' });
 * const second = tx.subscribe();
 * await tx.send({ level: 'debug' });
 * console.log((await rx.recv()).level, (await second.recv()).level); // debug debug
 * for (const end of [tx, rx, second]) end.close();
 * ```
 */
export function broadcast(
  capacity: number,
  options?: BroadcastOptions & { codec?: 'bytes' },
): [BroadcastSender<BytesLike, Uint8Array<ArrayBuffer>>, BroadcastReceiver<Uint8Array<ArrayBuffer>>];
export function broadcast(
  capacity: number,
  options: BroadcastOptions & { codec: 'buffer' },
): [BroadcastSender<BytesLike, Buffer>, BroadcastReceiver<Buffer>];
export function broadcast(
  capacity: number,
  options: BroadcastOptions & { codec: 'text' },
): [BroadcastSender<string, string>, BroadcastReceiver<string>];
export function broadcast(
  capacity: number,
  options: BroadcastOptions & { codec: 'f64' },
): [BroadcastSender<number, number>, BroadcastReceiver<number>];
export function broadcast(
  capacity: number,
  options: BroadcastOptions & { codec: 'json' | 'structured' },
): [BroadcastSender<unknown, unknown>, BroadcastReceiver<unknown>];
export function broadcast<T extends Carried>(
  capacity: number,
  options: BroadcastOptions & { codec: 'json' | 'structured' },
): [BroadcastSender<T, T>, BroadcastReceiver<T>];
export function broadcast<In extends Carried, Out extends Carried>(
  capacity: number,
  options: BroadcastOptions & { codec: Codec<In, Out> },
): [BroadcastSender<In, Out>, BroadcastReceiver<Out>];
/** What an unknown codec is answered with. */
export function broadcast(
  capacity: number,
  options: BroadcastOptions & { codec: OneOfTheCodecs },
): [BroadcastSender<Carried, Carried>, BroadcastReceiver<Carried>];
export function broadcast(
  capacity: unknown,
  options?: unknown,
): [BroadcastSender<never>, BroadcastReceiver<unknown>] {
  const most = readCount('capacity', capacity, 1, mostCapacity);
  const given = readKeys('options', options, ['codec', 'lag', 'replay', 'onDeath', 'context', 'label']);
  const { label } = given;
  if (label !== undefined && typeof label !== 'string') throw wrongType('options.label', 'a string', label);
  const replay = given.replay === undefined ? 0 : readCount('options.replay', given.replay, 0, most);
  const skips = readLag(given.lag);
  const deathFails = readOnDeath(given.onDeath);
  const plain = { codec: readCodec(given.codec), ownBuffers: false, poll: adaptive, drops: false };
  const traits = traitsOf(plain, readContext(given.context));
  const result = binding.createBroadcast(most, skips, replay, label, writeTraits(traits), deathFails);
  if (result === Code.noNames) throw failure(result);
  if (result !== Code.ok) throw noMemory(`there is not enough memory for a broadcast of capacity ${most}`);
  const [sender, receiver] = [outcome[0] as number, outcome[1] as number];
  tellOpened('broadcast', label);
  const { BroadcastSending, BroadcastReceiving } = endClasses(traits.context);
  return [
    new BroadcastSending(new EndState(sender, traits)),
    new BroadcastReceiving(new EndState(receiver, traits)),
  ];
}

function readCount(name: string, count: unknown, least: number, most: number): number {
  if (typeof count !== 'number') throw wrongType(name, 'a number', count);
  if (!Number.isInteger(count) || count < least || count > most) {
    throw outOfRange(name, `an integer, ${least} to ${most}`, count);
  }
  return count;
}

function readLag(lag: unknown): boolean {
  if (lag === undefined) return false;
  if (lag !== 'wait' && lag !== 'skip') {
    throw (typeof lag === 'string' ? wrongValue : wrongType)('options.lag', "'wait' or 'skip'", lag);
  }
  return lag === 'skip';
}
