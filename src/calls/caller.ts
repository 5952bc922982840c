/** The calling end: what it promises. calling-end.ts keeps it. */
import type { Handle, Stats } from '../ends/handle.js';
import type { AnySyncWait, AnyWait, SyncWait, Wait } from '../event-loop/wait-options.js';

/**
 * The figures of an `rpc`: requests are its messages, callers its senders and responders its receivers. Calls that wait
 * for room are `waitingSenders`; a request that was withdrawn counts as `discarded`.
 *
 * @example
 * ```ts
 * import { rpc, type RpcStats } from 'millrace';
 *
 * const isIdle = ({ length, inFlight, waitingSenders }: RpcStats) => length + inFlight + waitingSenders === 0;
 * const [caller, responder] = rpc<string, string>(8);
 * const answer = caller.call('hello');
 * const request = responder.tryRecv();
 * console.log(isIdle(caller.stats()), caller.stats().inFlight); // false 1
 * request?.reply('hi');
 * console.log(isIdle(caller.stats()), await answer); // true hi
 * caller.close();
 * responder.close();
 * ```
 */
export interface RpcStats extends Stats {
  /** Requests that are taken and not answered, and for which somebody waits. */
  inFlight: number;
}

/**
 * A calling end: each call goes to one responder, and settles once, with its answer or with an error.
 *
 * Every call rejects, or throws, what the responder failed it with, of the same class; `CallLostError` when its request
 * was dropped without an answer; `ChannelClosedError` when there are no responders; `ChannelStateError` when this handle
 * is spent, or closed meanwhile; a `TypeError` or `ChannelCodecError` for a value that its codec cannot carry.
 *
 * @example
 * ```ts
 * import { type Caller, rpc } from 'millrace';
 *
 * const ask = (squares: Caller<number, number>) => Promise.all([1, 2, 3].map((number) => squares.call(number)));
 * const [caller, responder] = rpc<number, number>(8);
 * void responder.serve((number) => number * number);
 * console.log(await ask(caller)); // [ 1, 4, 9 ]
 * caller.close();
 * responder.close();
 * ```
 */
export interface Caller<in Req, out Res> extends Handle {
  /**
   * Asks, and resolves with the answer. Where as many requests are queued as the capacity says, it waits for room first.
   * With a `timeout` in milliseconds it resolves with `undefined` when there was no answer in time; an aborted `signal`
   * rejects with its reason. A request that nobody has taken is withdrawn then; whoever has it sees its `signal` abort.
   *
   * @example
   * ```ts
   * import { rpc } from 'millrace';
   *
   * const [caller, responder] = rpc<string, number>(8);
   * void responder.serve((text) => text.length);
   * console.log(await caller.call('hello')); // 5
   * console.log(await caller.call('hello', { timeout: 1000 })); // 5
   * caller.close();
   * responder.close();
   * ```
   */
  call(value: Req, wait?: Wait): Promise<Res>;
  call(value: Req, wait?: AnyWait): Promise<Res | undefined>;
  /**
   * As `call`, but blocks this thread until there is an answer: a synchronous call of asynchronous work in another
   * thread. With a `timeout` in milliseconds it answers `undefined` when there was none in time. A call that could never
   * be answered, because every responder is in this thread, throws `ChannelStateError`.
   *
   * @example
   * ```ts
   * import { rpc, spawn } from 'millrace';
   *
   * const [caller, responder] = rpc<string, string>(8);
   * const worker = spawn(
   *   new URL(`data:text/javascript,
   *     import { workerData } from 'node:worker_threads';
   *     const { attach } = await import(workerData.millrace);
   *     await attach(workerData.responder).serve(async (name) => 'hello ' + name);
   *   `),
   *   { responder, millrace: import.meta.resolve('millrace') },
   * );
   * console.log(caller.callSync('world')); // hello world
   * caller.close();
   * ```
   */
  callSync(value: Req, wait?: SyncWait): Res;
  callSync(value: Req, wait?: AnySyncWait): Res | undefined;
  /**
   * Another calling end beside this one.
   *
   * @example
   * ```ts
   * import { rpc } from 'millrace';
   *
   * const [caller, responder] = rpc<string, string>(8);
   * const second = caller.clone();
   * console.log(caller.stats().senders); // 2
   * for (const end of [caller, second, responder]) end.close();
   * ```
   */
  clone(): Caller<Req, Res>;
  /** The figures, each of its own moment, with `inFlight`. A spent handle answers with those of its end. */
  stats(): RpcStats;
}
