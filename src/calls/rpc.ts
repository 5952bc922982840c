/** Making channels for requests and their replies. */
import { Code, binding, mostCapacity, outcome } from '../border/binding.js';
import type { Carried } from '../channel.js';
import { traitsOf, writeTraits } from '../traits.js';
import { type Codec, readCodec } from '../codecs/codec.js';
import { EndState, type Traits } from '../ends/end-state.js';
import { noMemory, outOfRange, readKeys, wrongType } from '../errors/misuse.js';
import { readContext } from '../read-options.js';
import { endClasses } from '../context/ends.js';
import { adaptive } from '../event-loop/polling.js';
import { tellOpened } from '../observe/diagnostics.js';
import type { Caller } from './caller.js';
import type { Responder } from './responder.js';

/** A codec, by its name or one of the caller's own. */
// oxlint-disable-next-line typescript/no-explicit-any -- a codec of anything: which values there are is said by `rpc`'s own types.
type AnyCodec = 'bytes' | 'buffer' | 'text' | 'f64' | 'json' | 'structured' | Codec<any, any>;

/**
 * What `rpc` can be made with.
 *
 * @example
 * ```ts
 * import { rpc, type RpcOptions } from 'millrace';
 *
 * const options: RpcOptions = { request: 'text', response: 'f64', label: 'lengths' };
 * const [caller, responder] = rpc<string, number>(8, options);
 * void responder.serve((text) => text.length);
 * console.log(await caller.call('hello')); // 5
 * caller.close();
 * responder.close();
 * ```
 */
export interface RpcOptions {
  /** How requests are carried: `'structured'` by default, which is whatever V8's serializer can carry. */
  request?: AnyCodec;
  /** How replies are carried: `'structured'` by default. */
  response?: AnyCodec;
  /** As for {@link bounded}: requests carry the context of the code that calls, in which handlers run. Replies carry none. */
  context?: boolean;
  /** A name, shown by inspection and in `stats()`. */
  label?: string;
}

/**
 * Calls between threads: a caller asks, one of the responders answers. At most `capacity` requests are queued, 1 to
 * 8,388,608; then calls wait for room. Both ends are handles, which can be cloned and handed to other threads.
 *
 * Throws a `RangeError` for a capacity out of range, and a `TypeError` for a wrong type or an unknown option.
 *
 * @example
 * ```ts
 * import { rpc } from 'millrace';
 *
 * const [caller, responder] = rpc<{ a: number; b: number }, number>(64);
 * void responder.serve(({ a, b }) => a + b);
 * console.log(await caller.call({ a: 1, b: 2 })); // 3
 * caller.close();
 * responder.close();
 * ```
 */
export function rpc<Req extends Carried, Res extends Carried>(
  capacity: number,
  options?: RpcOptions,
): [Caller<Req, Res>, Responder<Req, Res>] {
  if (typeof capacity !== 'number') throw wrongType('capacity', 'a number', capacity);
  if (!Number.isInteger(capacity) || capacity < 1 || capacity > mostCapacity) {
    throw outOfRange('capacity', `an integer, 1 to ${mostCapacity}`, capacity);
  }
  const given = readKeys('options', options, ['request', 'response', 'context', 'label']);
  const { request, response, label } = given;
  if (label !== undefined && typeof label !== 'string') throw wrongType('options.label', 'a string', label);
  const plain: Traits = {
    codec: readCodec(request ?? 'structured'),
    response: readCodec(response ?? 'structured'),
    ownBuffers: false,
    poll: adaptive,
    drops: false,
  };
  const traits = traitsOf(plain, readContext(given.context));
  const result = binding.createCalls(capacity, label, writeTraits(traits));
  if (result !== Code.ok) throw noMemory(`there is not enough memory for an rpc of capacity ${capacity}`);
  const [caller, responder] = [outcome[0] as number, outcome[1] as number];
  tellOpened('rpc', label);
  const { Calling, Responding } = endClasses(traits.context);
  return [
    new Calling(new EndState(caller, traits)) as Caller<never, unknown> as Caller<Req, Res>,
    new Responding(new EndState(responder, traits)) as Responder<unknown, never> as Responder<Req, Res>,
  ];
}
