/** Every word that is spoken across the border: the functions of the native part, and what they take and answer. */
import type { NativeMemory } from './native-memory.js';

/** What the native image exports. */
export interface NativeImage {
  /** The version it was built as. */
  version(): string;
  /** Makes this thread's environment: results beyond one number go to `outcome`, short inputs come from `staging`, `bell` is called when waits have settled, `probe` from time to time while the thread is blocked. `libuv`: the version of the one that the runtime runs on. `isMain`: it ends with the process. `moves`: JavaScript can move an external buffer's memory to another one. */
  open(
    outcome: Float64Array,
    staging: Uint8Array,
    bell: () => void,
    probe: () => void,
    isMain: boolean,
    moves: boolean,
    libuv: string | undefined,
  ): NativeBinding;
}

/** Messages to send: packed into one array, or each on its own. */
export type Parts = Uint8Array | Uint8Array[];

/**
 * A channel as `inspect` shows it: its figures in the order of `statNames`, and its number among the channels of the
 * process; an end's thread is -1 for a ticket.
 */
export type OpenChannel = [
  label: string | undefined,
  figures: number[],
  ends: [side: number, thread: number, madeAt: string | undefined][],
  number: number,
];

/** The functions of one environment. Each answers in the calling thread and keeps no JavaScript value. */
export interface NativeBinding extends NativeMemory {
  /** This copy of the image in this process; tickets begin with it. */
  instance(): string;

  /** Makes a channel: `outcome[0]` is its sender, `outcome[1]` its receiver. `spin` in microseconds, -1 for adaptive; `meta` travels with the channel and is what `describe` answers; `maxBytes` and `slotBytes` -1 for none. `unpolled`: awaiting waits begin at once. `deathFails`: a sender that goes with a thread that died fails it. `timing`: how long messages wait is kept. `maxAttempts`: what is received is leased, -1 for not, 0 for any number of attempts. `deadLetter`: a sender, which is no more then, or -1. */
  create(
    flavor: number,
    capacity: number,
    spin: number,
    label: string | undefined,
    meta: string,
    maxBytes: number,
    overflow: number,
    slotBytes: number,
    prefault: boolean,
    unpolled: boolean,
    deathFails: boolean,
    timing: boolean,
    maxAttempts: number,
    deadLetter: number,
  ): number;
  /** Another end beside this one: `outcome[0]`. */
  clone(handle: number): number;
  /** Gives this end up; idempotent. Its pending sends keep their place, its other waits must be cancelled before. */
  close(handle: number): void;
  /** For all senders: nothing more is accepted. */
  end(handle: number): number;
  /** As `end`, with an error that travels. */
  fail(handle: number, error: Uint8Array): number;
  /** For all receivers: refuse sends, discard what is queued; `outcome[0]` says how many. With an error that travels. */
  cancel(handle: number, reason: Uint8Array | undefined): number;
  /** Why the handle's side is closed, `undefined` while it is open. `kind` is a `CloseKind`. `told`: why the verb or wait that has just answered `closed` did. The thread is -1 for none; `fails`: receivers are told of a failure; `code` is that of a thread that died, -1 where it was stopped from outside. */
  closeReason(
    handle: number,
    told: boolean,
  ): [kind: number, thread: number, fails: boolean, code: number, error: Uint8Array | undefined] | undefined;
  /** `meta` of the handle's channel; `outcome[0]` is its `Side`, `outcome[1]` its `Flavor`. `undefined` when spent. */
  describe(handle: number): string | undefined;
  /** One snapshot, as a number (booleans as 0 and 1, unbounded capacity as Infinity). `Code.spent` when spent. */
  look(handle: number, what: number): number;
  /** Fills `outcome` in the order of `statNames`, then of `ownStatNames`; answers the label, or undefined for none or when spent (`outcome[0]` is -1 then). */
  stats(handle: number): string | undefined;
  sameChannel(one: number, other: number): boolean;

  trySend(handle: number, bytes: number | Uint8Array): number;
  /** `ok`, or a wait id when there is no room. */
  send(handle: number, bytes: number | Uint8Array): number;
  /** `timeout` in milliseconds, Infinity for none. */
  sendSync(handle: number, bytes: number | Uint8Array, timeout: number): number;
  /** `ok`, or a wait id. */
  drained(handle: number): number;
  /** As `drained`, blocking. `timeout` in milliseconds, Infinity for none. */
  drainedSync(handle: number, timeout: number): number;

  /** How many were accepted, or a code. With `lengths` the messages lie in `parts` one behind the other, else each is one of `parts`. */
  trySendMany(handle: number, parts: Parts, lengths: Uint32Array | undefined): number;
  /** As `trySendMany`, or a wait id when there is no room for all; the wait's result is how many. */
  sendMany(handle: number, parts: Parts, lengths: Uint32Array | undefined): number;
  sendManySync(handle: number, parts: Parts, lengths: Uint32Array | undefined, timeout: number): number;
  /** This sender will send blocks of messages. `outcome[0]`: the most messages of a block that is accepted whole, `[1]`: the most bytes of a message; -1 for any number. */
  beginBatches(handle: number): number;
  /** Sends the first `count` messages of a block, each at the next multiple of 8: how many were accepted, from the front, 0 when full, or a code. */
  trySendPack(handle: number, block: Uint8Array, lengths: Uint32Array, count: number): number;
  /** As `trySendPack`, or a wait id when there is no room for all; the wait's result is how many. */
  sendPack(handle: number, block: Uint8Array, lengths: Uint32Array, count: number): number;
  sendPackSync(
    handle: number,
    block: Uint8Array,
    lengths: Uint32Array,
    count: number,
    timeout: number,
  ): number;
  /** Blocks until the handle's pending sends have settled, one way or another. */
  settleSync(handle: number, timeout: number): number;
  /** A pending send's result, which `nextSettled` will not tell then; `nothing` while it is pending. */
  takeSettled(wait: number): number;
  /** Makes a channel of requests: `outcome[0]` is its caller's end, `outcome[1]` its responder's. */
  createCalls(capacity: number, label: string | undefined, meta: string): number;
  /** Asks: a wait id, told of by `nextAnswers`, or a code. */
  ask(handle: number, request: number | Uint8Array): number;
  /** As `ask`, blocking: the length of an answer that was copied to `pool[offset..]`, or a code; `held`: its length is in `outcome[0]`. Its `AnswerKind` is in `outcome[3]`. */
  callSync(
    handle: number,
    request: number | Uint8Array,
    pool: Uint8Array,
    offset: number,
    timeout: number,
  ): number;
  /** How many calls were answered, at most `max`. Each has its wait, its `AnswerKind` and its length in `table`; the answers lie at `pool[offset..]`, each at the next multiple of 8. It needs `longestCopied` bytes of room and stops when less is left. One that is held is the last. */
  nextAnswers(pool: Uint8Array, offset: number, table: Uint32Array, max: number): number;
  /** As `tryRecv`, of a request: its name is in `outcome[3]`. One that nobody waits for is passed over. */
  tryRequest(handle: number, pool: Uint8Array, offset: number): number;
  /** As `recv`, of a request. One that a wait was handed has its name in `outcome[3]`, and may have been abandoned: then `outcome[4]` is 0. */
  recvRequest(handle: number, pool: Uint8Array, offset: number, register: boolean): number;
  recvRequestSync(handle: number, pool: Uint8Array, offset: number, timeout: number): number;
  /** Answers a request, which has no name any more: 1, or 0 where nobody waits for it. Or a code, and it is still open. */
  answer(request: number, answer: number | Uint8Array, isError: boolean): number;
  /** Gives a request up: its call is lost. */
  dropRequest(request: number): void;
  /** Has `nextAbandoned` tell when nobody waits for a request any more; false: nobody does. */
  watchRequest(request: number): boolean;
  /** A watched request for which nobody waits any more, or `nothing`. */
  nextAbandoned(): number;

  /** Makes a triple buffer of slots of `byteLength` bytes: `outcome[0]` is its input, `outcome[1]` its output. */
  createLatest(byteLength: number, label: string | undefined, meta: string): number;
  /** Makes a broadcast: `outcome[0]` is its sender, `outcome[1]` its first receiver. `skips`: a send never waits. */
  createBroadcast(
    capacity: number,
    skips: boolean,
    replay: number,
    label: string | undefined,
    meta: string,
    deathFails: boolean,
  ): number;
  /** Makes a watch: `outcome[0]` is its sender, `outcome[1]` its first receiver. */
  createWatch(label: string | undefined, meta: string, deathFails: boolean): number;
  /** A receiver beside this sender of a broadcast or a watch: `outcome[0]`. */
  subscribe(handle: number): number;
  /** Makes these bytes the newest value of a watch. `closed`: it has failed. */
  setNewest(handle: number, bytes: number | Uint8Array): number;
  /** The newest value of a watch: its length when it was copied to `pool[offset..]`, or `held`; `nothing` where this receiver has had it, or there is none. `again`: whether it has had it or not. */
  getNewest(handle: number, pool: Uint8Array, offset: number, again: boolean): number;
  /** Publishes so many bytes of the input's slot, which is another one then: 1 when they replaced a value that nobody read, else 0, or a code. */
  publish(handle: number, byteLength: number): number;
  /** As `publish`, of a copy of these bytes; `tooLong`: how many they are is in `outcome[0]`. */
  writeLatest(handle: number, bytes: number | Uint8Array): number;
  /** Makes the newest value the output's: 1 when it was not yet, else 0. */
  update(handle: number): number;
  /** 1 when `update`, or `getNewest`, would bring a value, else 0. */
  updated(handle: number): number;
  /** `ok` when a value is unread, or a wait id. */
  changed(handle: number): number;
  changedSync(handle: number, timeout: number): number;
  /** Which of the three slots the end has now; `outcome[0]`: how many of its bytes count, -1 before the first value. */
  slot(handle: number): number;
  /** The memory of the slot that the end has now, which lives as long as the buffer, or `nothing` where the runtime forbids that. */
  slotBuffer(handle: number): ArrayBuffer | number;
  /** Copies the output's value to the start of `target`: its length, `nothing` before the first, or `tooLong`, its length in `outcome[0]`. */
  copySlot(handle: number, target: Uint8Array): number;

  /** A length when a message was copied to `pool[offset..]`, 8-byte aligned offsets; else a code. With an empty pool every message is held. */
  tryRecv(handle: number, pool: Uint8Array, offset: number): number;
  /** As `tryRecv`, or a wait id. `register`: take a place and answer a wait id even when a message is there. */
  recv(handle: number, pool: Uint8Array, offset: number, register: boolean): number;
  recvSync(handle: number, pool: Uint8Array, offset: number, timeout: number): number;
  tryRecvInto(handle: number, target: Uint8Array): number;
  recvIntoSync(handle: number, target: Uint8Array, timeout: number): number;
  /** As `tryRecv`, of the newest; the older ones are skipped. */
  latest(handle: number, pool: Uint8Array, offset: number): number;
  /** How many messages, at most `max`, were copied to `pool[offset..]`, each at the next multiple of 8, their lengths to `lengths`. It needs `longestCopied` bytes of room and stops when less is left. `outcome[0]`: the length of one more that is held, or -1. `passing`: even before those who wait. */
  tryRecvMany(
    handle: number,
    pool: Uint8Array,
    offset: number,
    lengths: Uint32Array,
    max: number,
    passing: boolean,
  ): number;
  /** Puts received bytes back: they are the channel's next message. */
  giveBack(handle: number, bytes: Uint8Array): number;

  /** As `tryRecv`, of a channel that leases its messages: the lease's name is in `outcome[3]`, its attempt in `[4]`. `held`: its length is in `outcome[0]`, and `copyLease` has it. So it is for settled waits and selects of such a channel. */
  tryLease(handle: number, pool: Uint8Array, offset: number): number;
  /** As `tryLease`, or a wait id. `register`: take a place and answer a wait id even when a message is there. */
  lease(handle: number, pool: Uint8Array, offset: number, register: boolean): number;
  leaseSync(handle: number, pool: Uint8Array, offset: number, timeout: number): number;
  /** As `tryLease`, of the newest; the older ones are skipped. */
  latestLease(handle: number, pool: Uint8Array, offset: number): number;
  /** Copies a leased message to the start of `target`, which is at least as long. `ok`, `spent` or `notBytes`. */
  copyLease(lease: number, target: Uint8Array): number;
  /** Ends a lease, a `Settle` says how; false: it was over. */
  settleLease(lease: number, how: number): boolean;

  /** Does the first operation of `order` that is ready: which, or a code. An operation is a receive, or a send of the value at the same index. `outcome[0]` and `[1]` say what came of it, as for `nextSettled`. `passing`: even before those who wait. */
  trySelect(
    handles: number[],
    values: (Uint8Array | undefined)[],
    order: number[],
    pool: Uint8Array,
    offset: number,
    passing: boolean,
  ): number;
  /** As `trySelect`, behind those who wait, or a wait id. */
  select(
    handles: number[],
    values: (Uint8Array | undefined)[],
    order: number[],
    pool: Uint8Array,
    offset: number,
  ): number;
  /** As `select`, blocking; without operations it sleeps until the timeout. */
  selectSync(
    handles: number[],
    values: (Uint8Array | undefined)[],
    order: number[],
    pool: Uint8Array,
    offset: number,
    timeout: number,
  ): number;

  /** The next settled wait's id, or -1; `outcome[0]` is its result: how many were sent, `closed`, or a length as in `tryRecv` (`held`: the length is in `outcome[1]`); `outcome[2]` is a select's operation; at `Cell.areMore` whether there are others. */
  nextSettled(pool: Uint8Array, offset: number): number;
  /** Ends a wait that has not settled: true, and it is forgotten; `outcome[0]` says how many messages a send had accepted by then. False: it settled already and `nextSettled` will tell. */
  cancelWait(wait: number): boolean;
  /** While on, the bell stays silent: the caller looks by itself. Turning it off answers whether something has settled meanwhile. */
  setPolling(on: boolean): boolean;
  /** Whether the bell keeps the event loop alive. */
  refBell(on: boolean): void;

  /** Turns live handles into tickets, all or none: the ticket names, or a code. The handles are spent. */
  makeTickets(handles: number[], reusable: boolean): string[] | number;
  /** The `meta` of each ticket's channel, all or none: or a code with the index at fault in `outcome[0]`. No ticket is redeemed. */
  describeTickets(tickets: string[]): string[] | number;
  /** Turns tickets into handles of this thread, all or none: the handles, or a code with the index at fault in `outcome[0]`. */
  redeem(tickets: string[]): number[] | number;
  /** Releases what of these tickets is not redeemed; how many. With the exit code of a thread for which they were, and what it threw: they go with it. */
  revoke(tickets: string[], thread?: number, code?: number, error?: Uint8Array): number;
  /** Makes tickets this thread's own: those that it has not redeemed go when it ends. */
  adoptTickets(tickets: string[]): void;
  /** The process-wide registry: `outcome[0]` channels with a live end, `[1]` ends (tickets included), `[2]` tickets, `[3]` environments; `[4]` how often memory was made for slots, ever, and `[5]` for a block by itself, which a message has that found neither a slot nor a used block. */
  registry(): void;
  /** From here on, a thread that ends without `tellEnding` was stopped from outside. */
  followEnding(): void;
  /** This thread ends with this exit code, and with an error that nobody caught, if it does. */
  tellEnding(code: number, error: Uint8Array | undefined): void;
  /** Whether this is the first call of the process for the finding of that number, 0 to 31. */
  firstToTell(finding: number): boolean;
  /** Whether a channel without a bound holds more than it should, `ok` at the first call that finds it so; `nothing`: not yet; `spent`: there is no need to ask again. */
  hasOutgrown(handle: number): number;
  /** Every open channel of the process, in the order in which they were made. */
  inspect(): OpenChannel[];
  /** How many channels are open; `target` has a row of `f64` for each that fits: its number, and its figures. */
  survey(target: Uint8Array): number;
  /** Whether channels that close in this thread are noted, and the bell rung for each. */
  watchClosing(on: boolean): void;
  /** The channel that closed first in this thread and was not told of yet; `by` is the `Side` that closed it. */
  nextClosed(): [flavor: number, by: number, label: string | undefined] | undefined;
  /** The number by which `inspect` knows this thread. */
  nameThread(threadId: number): void;
  /** Where a handle was made, for `inspect` to show. */
  madeAt(handle: number, place: string): void;
  /** Has the process say, on standard error, which channels stand still. */
  trace(): void;
  /** Says there which ends are open. */
  tellOpen(): void;
}
