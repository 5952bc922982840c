/** How a caller does it. caller.ts says what it promises. */
import { AnswerKind, Code, binding, outcome } from '../border/binding.js';
import { EndState } from '../ends/end-state.js';
import { End } from '../ends/handle.js';
import {
  type ReceiveMemory,
  heldMessage,
  receiveMemoryFor,
  scratch,
} from '../ends/receiving/receive-memory.js';
import { stateError } from '../border/native-errors.js';
import type { ChannelStateError } from '../errors/errors.js';
import type { AnySyncWait, AnyWait, SyncWait, Wait } from '../event-loop/wait-options.js';
import { readSyncWait, readWait } from '../event-loop/wait-options.js';
import type { WireCodec } from '../codecs/codec.js';
import type { Caller, RpcStats } from './caller.js';
import { PendingCall, errorOf, valueOf } from './pending-call.js';

export class CallingEnd<in Req, out Res> extends End implements Caller<Req, Res> {
  readonly #state: EndState;
  readonly #buffers: ReceiveMemory;

  constructor(state: EndState) {
    super(state);
    this.#state = state;
    this.#buffers = receiveMemoryFor(state.traits.response as WireCodec, state.traits.ownBuffers);
  }

  get [Symbol.toStringTag](): string {
    return 'Caller';
  }

  override stats(): RpcStats {
    return super.stats() as RpcStats;
  }

  call(value: Req, wait?: Wait): Promise<Res>;
  call(value: Req, wait?: AnyWait): Promise<Res | undefined>;
  call(value: Req, wait?: unknown): Promise<unknown> {
    try {
      const options = readWait(wait);
      if (options.signal?.aborted === true) return Promise.reject(options.signal.reason);
      const state = this.#state;
      const result = binding.ask(state.handle, state.traits.codec.encode(value));
      if (result > Code.pending) throw state.failure('call', result, value);
      return new PendingCall(Code.pending - result, this, state, this.#buffers, options).begin();
    } catch (error) {
      return Promise.reject(this.#state.told('call', error));
    }
  }

  callSync(value: Req, wait?: SyncWait): Res;
  callSync(value: Req, wait?: AnySyncWait): Res | undefined;
  callSync(value: Req, wait?: unknown): unknown {
    try {
      const { timeout } = readSyncWait(wait);
      const state = this.#state;
      const encoded = state.traits.codec.encode(value);
      const result = binding.callSync(state.handle, encoded, scratch, 0, timeout);
      if (result === Code.nothing) return undefined;
      if (result === Code.stuck) throw neverAnswered();
      if (result < 0 && result !== Code.held) throw state.failure('callSync', result, value);
      const kind = outcome[3] as number;
      const length = result < 0 ? (outcome[0] as number) : result;
      const memory = result < 0 ? heldMessage(length) : scratch;
      if (kind === AnswerKind.reply) return valueOf(this.#buffers, state, memory, 0, length);
      throw errorOf(state, kind, memory, 0, length)();
    } catch (error) {
      throw this.#state.told('callSync', error);
    }
  }

  clone(): Caller<Req, Res> {
    const { handle, traits } = this.#state;
    const result = binding.clone(handle);
    if (result < 0) throw this.#state.failure('clone', result);
    const Same = this.constructor as typeof CallingEnd<Req, Res>;
    return new Same(new EndState(outcome[0] as number, traits));
  }
}

function neverAnswered(): ChannelStateError {
  return stateError(
    'this call could never be answered: every responder, or whoever has the request, is in this thread, which is ' +
      'blocked. Use call, or give a timeout',
  );
}
