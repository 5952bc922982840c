/** How a responder does it. responder.ts says what it promises. */
import { Code, binding, outcome } from '../border/binding.js';
import { EndState } from '../ends/end-state.js';
import { End } from '../ends/handle.js';
import { Iteration } from '../ends/receiving/iteration.js';
import { type ReceiveMemory, receiveMemoryFor } from '../ends/receiving/receive-memory.js';
import { receive } from '../ends/receiving/receive-one.js';
import { outOfRange, readKeys, wrongType } from '../errors/misuse.js';
import type { AnySyncWait, AnyWait, SyncWait, Wait } from '../event-loop/wait-options.js';
import { endless, readSyncWait, readWait } from '../event-loop/wait-options.js';
import type { RpcStats } from './caller.js';
import { OneRequest } from './live-request.js';
import type { CallContext, Request, Responder } from './responder.js';
import { type Handler, Serving } from './serving.js';

export class RespondingEnd<Req, Res> extends End implements Responder<Req, Res> {
  readonly #state: EndState;
  readonly #buffers: ReceiveMemory;
  readonly #one: OneRequest;

  constructor(state: EndState) {
    super(state);
    this.#state = state;
    this.#buffers = receiveMemoryFor(state.traits.codec, state.traits.ownBuffers);
    this.#one = new OneRequest(state, this.#buffers);
  }

  /** How a responder takes its requests, `undefined` for anything else. */
  static takingOf(value: unknown): OneRequest | undefined {
    return typeof value === 'object' && value !== null && #one in value ? value.#one : undefined;
  }

  get [Symbol.toStringTag](): string {
    return 'Responder';
  }

  override stats(): RpcStats {
    return super.stats() as RpcStats;
  }

  tryRecv(): Request<Req, Res> | undefined {
    try {
      const buffers = this.#buffers;
      buffers.ready();
      return this.#taken('tryRecv', binding.tryRequest(this.#state.handle, buffers.memory, buffers.offset));
    } catch (error) {
      throw this.#state.told('tryRecv', error);
    }
  }

  recv(wait?: Wait): Promise<Request<Req, Res>>;
  recv(wait?: AnyWait): Promise<Request<Req, Res> | undefined>;
  recv(wait?: unknown): Promise<unknown> {
    try {
      return receive(this, this.#state, this.#one, readWait(wait));
    } catch (error) {
      return Promise.reject(this.#state.told('recv', error));
    }
  }

  recvSync(wait?: SyncWait): Request<Req, Res>;
  recvSync(wait?: AnySyncWait): Request<Req, Res> | undefined;
  recvSync(wait?: unknown): unknown {
    try {
      const { timeout } = readSyncWait(wait);
      const buffers = this.#buffers;
      buffers.ready();
      return this.#taken(
        'recvSync',
        binding.recvRequestSync(this.#state.handle, buffers.memory, buffers.offset, timeout),
      );
    } catch (error) {
      throw this.#state.told('recvSync', error);
    }
  }

  serve(
    handler: (value: Req, context: CallContext) => Res | Promise<Res>,
    options?: { concurrency?: number },
  ): Promise<void> {
    try {
      if (typeof handler !== 'function') throw wrongType('handler', 'a function', handler);
      const concurrency = readConcurrency(options);
      this.#state.mustBeLive('serve');
      let over = (): void => undefined;
      const state = this.#state;
      const serving = new Serving(this, state, this.#one, handler as Handler, concurrency, () => over());
      over = this.iterating(serving);
      serving.pump();
      return serving.done;
    } catch (error) {
      return Promise.reject(this.#state.told('serve', error));
    }
  }

  clone(): Responder<Req, Res> {
    const { handle, traits } = this.#state;
    const result = binding.clone(handle);
    if (result < 0) throw this.#state.failure('clone', result);
    const Same = this.constructor as typeof RespondingEnd<Req, Res>;
    return new Same(new EndState(outcome[0] as number, traits));
  }

  [Symbol.asyncIterator](): AsyncIterator<Request<Req, Res>> {
    this.#state.mustBeLive('for await');
    return new Iteration(this, this.#state, this.#one, endless, (iterator) => this.iterating(iterator));
  }

  #taken(verb: string, result: number): Request<Req, Res> | undefined {
    if (result === Code.nothing) return undefined;
    if (result < 0 && result !== Code.held) throw this.#state.failure(verb, result);
    return this.#one.take(result) as unknown as Request<Req, Res>;
  }
}

function readConcurrency(options: unknown): number {
  const { concurrency = 1 } = readKeys('options', options, ['concurrency']);
  if (typeof concurrency !== 'number')
    throw wrongType('options.concurrency', 'a number of handlers', concurrency);
  if (concurrency !== Infinity && (!Number.isInteger(concurrency) || concurrency < 1)) {
    throw outOfRange('options.concurrency', 'an integer, 1 or more, or Infinity', concurrency);
  }
  return concurrency;
}
