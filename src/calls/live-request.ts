/** A request that was taken, how it is answered, and how a responder takes one. */
import { Code, binding, outcome } from '../border/binding.js';
import { encodeBytes } from '../border/bytes.js';
import type { WireCodec } from '../codecs/codec.js';
import type { EndState } from '../ends/end-state.js';
import type { ReceiveMemory } from '../ends/receiving/receive-memory.js';
import type { Taking } from '../ends/receiving/receive-one.js';
import { encodeError } from '../errors/travel.js';
import { warnOnce } from '../observe/forgotten.js';
import { unwatchRequest, watchRequest } from './answers.js';
import type { Request } from './responder.js';

/** Gives up what the garbage collector finds unanswered, and says so once. */
const forgotten = new FinalizationRegistry<number>((request) => {
  warnOnce({
    text: 'A request was garbage-collected without an answer; its call is lost now.',
    code: 'MILLRACE_UNANSWERED',
    detail:
      'Answer requests with reply() or fail(), or dispose them: until they are collected, their callers wait. Told once.',
  });
  unwatchRequest(request);
  binding.dropRequest(request);
});

/** Answers a request with a value; false: nobody waits any more. Where it throws, the request is still open. */
export function replyTo(request: number, state: EndState, value: unknown): boolean {
  try {
    const result = binding.answer(request, (state.traits.response as WireCodec).encode(value), false);
    if (result < 0) throw state.failure('reply', result, value);
    unwatchRequest(request);
    return result === 1;
  } catch (error) {
    throw state.told('reply', error);
  }
}

/** Answers a request with an error; false: nobody waits any more. */
export function failTo(request: number, error: unknown): boolean {
  const result = binding.answer(request, encodeBytes(encodeError(error)), true);
  unwatchRequest(request);
  // Without memory to say so, the call is lost.
  if (result < 0) binding.dropRequest(request);
  return result === 1;
}

export class LiveRequest<out Req, in Res> implements Request<Req, Res> {
  readonly #name: number;
  readonly #state: EndState;
  #signal: AbortSignal | undefined;
  #isOver = false;

  constructor(
    name: number,
    readonly value: Req,
    state: EndState,
  ) {
    this.#name = name;
    this.#state = state;
    forgotten.register(this, name, this);
  }

  get signal(): AbortSignal {
    this.#signal ??= this.#isOver ? new AbortController().signal : watchRequest(this.#name);
    return this.#signal;
  }

  reply(value: Res): boolean {
    if (this.#isOver) return false;
    const isHeard = replyTo(this.#name, this.#state, value);
    this.#over();
    return isHeard;
  }

  fail(error: unknown): boolean {
    if (this.#isOver) return false;
    this.#over();
    return failTo(this.#name, error);
  }

  [Symbol.dispose](): void {
    if (this.#isOver) return;
    this.#over();
    unwatchRequest(this.#name);
    binding.dropRequest(this.#name);
  }

  #over(): void {
    this.#isOver = true;
    forgotten.unregister(this);
  }
}

/** How a responder takes a request. */
export class OneRequest implements Taking {
  /** The name of the request whose value was taken last. */
  name = 0;

  constructor(
    private readonly state: EndState,
    private readonly buffers: ReceiveMemory,
  ) {}

  get verb(): string {
    return 'recv';
  }

  ask(inLine: boolean): number {
    const { buffers } = this;
    buffers.ready();
    return binding.recvRequest(this.state.handle, buffers.memory, buffers.offset, inLine);
  }

  take(answer: number): LiveRequest<unknown, unknown> {
    const value = this.value(answer);
    return new LiveRequest(this.name, value, this.state);
  }

  takeSettled(result: number, length: number): LiveRequest<unknown, unknown> {
    const value = this.settledValue(result, length);
    return new LiveRequest(this.name, value, this.state);
  }

  nothing(): undefined {
    return undefined;
  }

  /** What was asked: a request that cannot be read is answered with the error, which is thrown. */
  value(answer: number): unknown {
    const [held, name] = [outcome[0] as number, outcome[3] as number];
    return this.#read(name, () => (answer >= 0 ? this.buffers.take(answer) : this.buffers.takeHeld(held)));
  }

  /** As `value`, of a settled wait. */
  settledValue(result: number, length: number): unknown {
    if (result < 0 && result !== Code.held) throw this.state.failed(result);
    const name = outcome[3] as number;
    return this.#read(name, () =>
      result >= 0 ? this.buffers.takeSettled(result) : this.buffers.takeHeld(length),
    );
  }

  #read(name: number, read: () => unknown): unknown {
    try {
      const value = read();
      this.name = name;
      return value;
    } catch (error) {
      failTo(name, error);
      throw error;
    }
  }
}
