/** The responding end, and the requests that it takes: what they promise. responding-end.ts and live-request.ts keep it. */
import type { Handle } from '../ends/handle.js';
import type { Recv, RecvSync } from '../ends/receiver.js';
import type { RpcStats } from './caller.js';

/**
 * A request that was taken. It is answered once: later answers do nothing. Dropped without one, its call rejects with
 * `CallLostError`.
 *
 * @example
 * ```ts
 * import { type Request, rpc } from 'millrace';
 *
 * function answer(request: Request<number, number>) {
 *   if (request.value < 0) return request.fail(new RangeError('below zero'));
 *   return request.reply(Math.sqrt(request.value));
 * }
 * const [caller, responder] = rpc<number, number>(8);
 * const answers = Promise.allSettled([caller.call(9), caller.call(-1), caller.call(4)]);
 * answer(await responder.recv());
 * answer(await responder.recv());
 * using left = await responder.recv();
 * console.log(left.value, left.signal.aborted); // 4 false
 * left[Symbol.dispose]();
 * const told = (await answers).map((each) => (each.status === 'fulfilled' ? each.value : each.reason.name));
 * console.log(told); // [ 3, 'RangeError', 'CallLostError' ]
 * caller.close();
 * responder.close();
 * ```
 */
export interface Request<out Req, in Res> {
  /** What is asked. */
  readonly value: Req;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Answers. False: nobody waits any more, or it was answered. A value that the codec cannot carry throws, and the request is still open. */
  reply(value: Res): boolean;
  /** Answers with an error: the call rejects with a copy of the same class, with the stacks of both threads. False: nobody waits any more, or it was answered. */
  fail(error: unknown): boolean;
  /** Gives it up without an answer, for `using`; after an answer it does nothing. */
  [Symbol.dispose](): void;
}

/**
 * What a handler of `serve` is given beside the value.
 *
 * @example
 * ```ts
 * import { type CallContext, rpc } from 'millrace';
 *
 * const [caller, responder] = rpc<string, boolean>(8);
 * void responder.serve((_, { signal }: CallContext) => signal.aborted);
 * console.log(await caller.call('is anybody there?')); // false
 * caller.close();
 * responder.close();
 * ```
 */
export interface CallContext {
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/**
 * A responding end: it takes requests, each of which goes to one responder, in order, to whoever is free.
 *
 * Its verbs are those of a receiver. Closed, which is when the callers are gone, they throw or reject
 * `ChannelClosedError`. A request that its codec cannot read is answered with the `ChannelCodecError` that they throw.
 *
 * @example
 * ```ts
 * import { type Responder, rpc } from 'millrace';
 *
 * async function work(requests: Responder<string, string>) {
 *   for await (const request of requests) request.reply(request.value.toUpperCase());
 * }
 * const [caller, responder] = rpc<string, string>(8);
 * void work(responder);
 * console.log(await caller.call('hello')); // HELLO
 * caller.close();
 * ```
 */
export interface Responder<out Req, in Res> extends Handle, AsyncIterable<Request<Req, Res>> {
  /**
   * The next request, or `undefined` when there is none now. Never waits.
   *
   * @example
   * ```ts
   * import { rpc } from 'millrace';
   *
   * const [caller, responder] = rpc<string, string>(8);
   * const answer = caller.call('hello');
   * responder.tryRecv()?.reply('hi');
   * console.log(await answer, responder.tryRecv()); // hi undefined
   * caller.close();
   * responder.close();
   * ```
   */
  tryRecv(): Request<Req, Res> | undefined;
  /** Resolves with the next request. With a `timeout` in milliseconds it resolves with `undefined` when none came in time; an aborted `signal` rejects with its reason. */
  recv: Recv<Request<Req, Res>>;
  /** As `recv`, but blocks this thread until there is a request. */
  recvSync: RecvSync<Request<Req, Res>>;
  /**
   * Answers requests with what `handler` returns or resolves with, until the callers are gone and what was taken is
   * answered, or this handle is closed. `concurrency` handlers are under way at most, 1 by default: as many requests are
   * taken, and the others are left to whoever is free. A handler that throws answers with its error; one that answers
   * `undefined` with a `TypeError`, because that is how nothing is said.
   *
   * Rejects with a `TypeError` for a handler that is no function, a `RangeError` for a `concurrency` below 1, and
   * `ChannelStateError` when this handle is spent.
   *
   * @example
   * ```ts
   * import { setTimeout } from 'node:timers/promises';
   * import { rpc } from 'millrace';
   *
   * const [caller, responder] = rpc<number, string>(8);
   * const served = responder.serve(
   *   async (ms, { signal }) => {
   *     await setTimeout(ms, undefined, { signal });
   *     return `after ${ms} ms`;
   *   },
   *   { concurrency: 4 },
   * );
   * console.log(await caller.call(2)); // after 2 ms
   * caller.close();
   * await served;
   * ```
   */
  serve(
    handler: (value: Req, context: CallContext) => Res | Promise<Res>,
    options?: { concurrency?: number },
  ): Promise<void>;
  /**
   * Another responding end beside this one.
   *
   * @example
   * ```ts
   * import { rpc } from 'millrace';
   *
   * const [caller, responder] = rpc<string, string>(8);
   * const responders = [responder, responder.clone()];
   * for (const each of responders) void each.serve((text) => text);
   * console.log(await caller.call('hello'), caller.stats().receivers); // hello 2
   * for (const end of [caller, ...responders]) end.close();
   * ```
   */
  clone(): Responder<Req, Res>;
  /** The figures, each of its own moment, with `inFlight`. A spent handle answers with those of its end. */
  stats(): RpcStats;
}
