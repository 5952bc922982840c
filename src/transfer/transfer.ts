/** Passing ends to another thread: handles become tickets, which are plain data, and handles again there. */
import { Code, Flavor, Side, binding, outcome } from '../border/binding.js';
import { receivingEnd } from '../channel.js';
import { readTraits } from '../traits.js';
import { type Codec, type WireCodec, builtInCodec, readCustomCodec } from '../codecs/codec.js';
import { endClasses } from '../context/ends.js';
import { replaceDeep } from './containers.js';
import { followClosing, mayClose } from '../observe/diagnostics.js';
import { ChannelStateError } from '../errors/errors.js';
import { failure } from '../border/native-errors.js';
import { End } from '../ends/handle.js';
import { LatestEnd, ReadingEnd, WritingEnd } from '../latest/latest-ends.js';
import { EndState, type Traits } from '../ends/end-state.js';
import { idleStateOf } from '../ends/idle.js';
import { readKeys, refused, wrongType } from '../errors/misuse.js';
import { readSignal } from '../event-loop/wait-options.js';
import { revokeWhenAborted, throwIfAborted } from './aborted.js';
import { ReceivingEnd } from '../ends/receiving/receiving-end.js';
import { TimerEnd } from '../timers/timer-end.js';
import { WatchReceivingEnd, WatchSendingEnd } from '../watch/watch-ends.js';

declare const origin: unique symbol;

/**
 * A value whose handles are tickets: plain data that can be posted, and that remembers the value's type.
 *
 * @example
 * ```ts
 * import { attach, bounded, transfer, type Sender, type Transferred } from 'millrace';
 *
 * const [tx, rx] = bounded(1, { codec: 'text' });
 * function greet(ticket: Transferred<{ out: Sender<string> }>) {
 *   const { out } = attach(ticket);
 *   out.trySend('hello');
 *   out.close();
 * }
 * greet(transfer({ out: tx }));
 * console.log(rx.tryRecv()); // hello
 * rx.close();
 * ```
 */
export interface Transferred<V> {
  /** Of the types alone: no value has it. */
  readonly [origin]: V;
}

/** The key by which a ticket is known. */
const ticketKey = 'millrace:ticket';

/** A ticket, as it travels. */
interface Ticket {
  [ticketKey]: string;
  readonly codec: string;
  /** Of an end of `rpc`: the codec of answers. */
  response?: string;
}

/** Tickets begin with it: one of another copy of the package, or of another process, has another. */
const instance = binding.instance();

/**
 * Turns every handle in `value`, deep in plain objects, arrays, Maps and Sets, into a ticket: plain data for
 * `workerData`, `postMessage` or a pool's task. The handles here are spent; each ticket counts as a live end,
 * and is redeemed once by `attach`. With `reusable` each `attach` clones the ticket instead, until it is
 * revoked or this thread ends. With a `signal`, what is not redeemed when it aborts is revoked, as a task is that is
 * cancelled while it queues.
 *
 * Throws `ChannelStateError` for a handle that is spent, has a pending wait or a live ref, or is being iterated
 * over, and the signal's reason where it has aborted already; no handle is spent then.
 *
 * @example
 * ```ts
 * import { attach, bounded, transfer } from 'millrace';
 *
 * const [tx, rx] = bounded(8, { codec: 'text' });
 * const posted = structuredClone(transfer({ jobs: rx }));
 * tx.trySend('hello');
 * const { jobs } = attach(posted);
 * console.log(jobs.tryRecv()); // hello
 * tx.close();
 * jobs.close();
 * ```
 */
export function transfer<V>(
  value: V,
  options?: { reusable?: boolean; signal?: AbortSignal },
): Transferred<V> {
  const { reusable = false, signal: given } = readKeys('options', options, ['reusable', 'signal']);
  const signal = readSignal('options.signal', given);
  if (typeof reusable !== 'boolean') throw wrongType('options.reusable', 'a boolean', reusable);
  throwIfAborted(signal);
  const tickets = new Map<End, Ticket>();
  const result = replaceDeep(value, (part) => {
    if (TimerEnd.clockOf(part) !== undefined) {
      throw refused('A timer cannot be transferred: it lives in the thread that made it');
    }
    const state = End.stateOf(part);
    if (state === undefined) return undefined;
    if (reusable && part instanceof ReceivingEnd && !('clone' in part)) {
      throw refused(
        "A sole receiver's ticket cannot be reusable: there is one receiver, and each use would clone it",
      );
    }
    if (reusable && part instanceof LatestEnd) {
      throw refused(
        'The "options.reusable" argument must be false for an Input or Output: there is only one',
      );
    }
    const { codec, response } = state.traits;
    const ticket: Ticket = { [ticketKey]: '', codec: codec.name };
    if (response !== undefined) ticket.response = response.name;
    tickets.set(part as End, ticket);
    return ticket;
  });
  // Getters of the value's may have aborted it.
  throwIfAborted(signal);
  const names = makeTickets(tickets, reusable);
  if (signal !== undefined && names.length > 0) revokeWhenAborted(signal, names);
  return result as Transferred<V>;
}

/**
 * Turns every ticket in `value` into a handle of this thread; the type comes with the value. Built-in codecs
 * are found by themselves, others are to be given in `codecs`, which are matched by name.
 *
 * Throws `ChannelStateError` for a ticket that was redeemed or revoked before, has expired, or comes from
 * another copy of the package or another process, and a `TypeError` for one whose codec is missing; no ticket
 * is redeemed then.
 *
 * @example
 * ```ts
 * import { attach, bounded, transfer } from 'millrace';
 *
 * const [tx, rx] = bounded(8, { codec: 'text' });
 * const sender = attach(transfer(tx));
 * sender.trySend('hello');
 * console.log(rx.tryRecv()); // hello
 * sender.close();
 * rx.close();
 * ```
 */
export function attach<V>(value: Transferred<V>, options?: { codecs?: readonly Codec<never, unknown>[] }): V {
  const codecs = readCodecs(readKeys('options', options, ['codecs']).codecs);
  // Read once: what is checked below is what is replaced at the end.
  const [plain, tickets] = collect(value);
  for (const codec of tickets.flatMap(({ codec, response = codec }) => [codec, response])) {
    if (builtInCodec(codec) === undefined && !codecs.has(codec)) {
      const given = codecs.size === 0 ? 'none' : [...codecs.keys()].map((name) => `'${name}'`).join(', ');
      throw refused(
        `The "options.codecs" argument must have the codec '${codec}', which a ticket asks for. Received ${given}`,
      );
    }
  }
  const names = [...new Set(tickets.map((ticket) => ticket[ticketKey]))];
  const ends = redeem(names, codecs);
  return replaceDeep(plain, (part) => (isTicket(part) ? ends.get(part[ticketKey]) : undefined)) as V;
}

/**
 * Releases those tickets of `value` that are not redeemed yet, and returns how many they were.
 *
 * Throws `ChannelStateError` for a ticket of another copy of the package or another process.
 *
 * @example
 * ```ts
 * import { bounded, revoke, transfer } from 'millrace';
 *
 * const [tx, rx] = bounded(8);
 * const ticket = transfer(rx);
 * console.log(revoke(ticket), tx.isClosed); // 1 true
 * tx.close();
 * ```
 */
export function revoke(value: Transferred<unknown>): number {
  const names = new Set(collect(value)[1].map((ticket) => ticket[ticketKey]));
  return names.size === 0 ? 0 : mayClose(() => binding.revoke([...names]));
}

/** Makes the tickets in `value` this thread's own: what it has not redeemed when it ends goes with it, at once. */
export function adopt(value: unknown): void {
  const names = collect(value)[1].map((ticket) => ticket[ticketKey]);
  if (names.length > 0) binding.adoptTickets(names);
}

/** As `revoke`, because the thread is over for which they were: with its exit code, and what it threw, if it did. */
export function revokeOf(thread: number, code: number, thrown: Uint8Array | undefined, value: unknown): void {
  const names = new Set(collect(value)[1].map((ticket) => ticket[ticketKey]));
  if (names.size > 0) mayClose(() => binding.revoke([...names], thread, code, thrown));
}

/** Makes the tickets and fills in their names, which it answers; the handles are spent then. */
function makeTickets(tickets: ReadonlyMap<End, Ticket>, reusable: boolean): string[] {
  if (tickets.size === 0) return [];
  const states = [...tickets.keys()].map((end) => idleStateOf(end, 'transferred'));
  const looks = states.map((state) => state.look('transferred'));
  const names = binding.makeTickets(
    states.map((state) => state.handle),
    reusable,
  );
  if (typeof names === 'number') throw failure(names);
  for (const [index, [end, ticket]] of [...tickets].entries()) {
    ticket[ticketKey] = names[index] as string;
    states[index]?.retire(looks[index] as (typeof looks)[number]);
    End.passedOn(end);
  }
  return names;
}

/** A copy of `value` that nobody else changes, and the tickets in it, all of them ours. */
function collect(value: unknown): [copy: unknown, tickets: Ticket[]] {
  const tickets: Ticket[] = [];
  const copy = replaceDeep(value, (part) => {
    if (!Object.hasOwn(part, ticketKey)) return undefined;
    const { [ticketKey]: name, codec, response } = part as Ticket;
    const ticket: object = { [ticketKey]: name, codec, ...(response === undefined ? {} : { response }) };
    if (!isTicket(ticket))
      throw new ChannelStateError('a malformed ticket: its name and codec are not strings');
    if (!ticket[ticketKey].startsWith(instance)) {
      throw new ChannelStateError('a ticket from another copy of the package, or from another process');
    }
    tickets.push(ticket);
    return ticket;
  });
  return [copy, tickets];
}

function isTicket(value: object): value is Ticket {
  const { [ticketKey]: name, codec, response = '' } = value as Partial<Ticket>;
  return typeof name === 'string' && typeof codec === 'string' && typeof response === 'string';
}

/** The ends of these tickets, by name. */
function redeem(names: string[], codecs: ReadonlyMap<string, WireCodec>): Map<string, End> {
  if (names.length === 0) return new Map();
  followClosing();
  // What may be wrong with a ticket is found before any is redeemed.
  const traits = allOf(binding.describeTickets(names)).map((meta) => readTraits(meta, codecs));
  const handles = allOf(binding.redeem(names));
  return new Map(handles.map((handle, at) => [names[at] as string, endOf(handle, traits[at] as Traits)]));
}

/** What a native call that does all or nothing has answered. */
function allOf<T>(answer: T[] | number): T[] {
  if (answer === Code.unknownTicket) {
    throw new ChannelStateError('a ticket that was redeemed or revoked before, or has expired');
  }
  if (typeof answer === 'number') throw failure(answer);
  return answer;
}

function endOf(handle: number, traits: Traits): End {
  binding.describe(handle);
  const state = new EndState(handle, traits);
  const [side, flavor] = outcome;
  if (flavor === Flavor.watch) {
    return side === Side.sender ? new WatchSendingEnd(state) : new WatchReceivingEnd(state);
  }
  const of = endClasses(traits.context);
  if (flavor === Flavor.broadcast) {
    return side === Side.sender ? new of.BroadcastSending(state) : new of.BroadcastReceiving(state);
  }
  if (flavor === Flavor.rpc) return side === Side.sender ? new of.Calling(state) : new of.Responding(state);
  if (flavor === Flavor.latest) return side === Side.sender ? new WritingEnd(state) : new ReadingEnd(state);
  if (side === Side.sender) return new of.Sending(state);
  return receivingEnd(flavor as number, state);
}

function readCodecs(codecs: unknown): Map<string, WireCodec> {
  if (codecs === undefined) return new Map();
  if (!Array.isArray(codecs)) throw wrongType('options.codecs', 'an array of Codecs', codecs);
  return new Map(codecs.map(readCustomCodec).map((codec) => [codec.name, codec]));
}
