/** What one receive brings: the contexts of its messages, and the storages in which the code behind it finds them. */
import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';

import { allCarriers, traceName } from './carry.js';
import { Cell, settled } from './cells.js';
import type { TraceEvent } from './events.js';
import type { Carried } from './header.js';

/**
 * The context of a received message: see {@link messageContexts}.
 *
 * @example
 * ```ts
 * import { bounded, messageContexts, type MessageContext } from 'millrace';
 *
 * const isTraced = ({ traceparent }: MessageContext) => traceparent !== undefined;
 * const [tx, rx] = bounded(8, { codec: 'text', context: true });
 * tx.trySendMany(['one', 'two']);
 * rx.tryRecvMany(8);
 * console.log(messageContexts().map(isTraced)); // [ false, false ]
 * tx.close();
 * rx.close();
 * ```
 */
export interface MessageContext {
  /** The W3C trace parent that came with the message, if one did. */
  readonly traceparent: string | undefined;
  /**
   * Runs `work` in the message's context, and returns what it returns.
   *
   * @example
   * ```ts
   * import { bounded, messageContexts, traceparent } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text', context: true });
   * const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
   * traceparent.run(parent, () => tx.trySend('traced'));
   * tx.trySend('not traced');
   * rx.tryRecvMany(8);
   * const [first, second] = messageContexts();
   * const spanOf = () => traceparent.getStore()?.slice(36, 52);
   * console.log(first?.run(spanOf), second?.run(spanOf)); // b7ad6b7169203331 undefined
   * tx.close();
   * rx.close();
   * ```
   */
  run<R>(work: () => R): R;
}

/** The context of one message, in a thread that has storages for it. */
class LiveContext implements MessageContext {
  readonly #values: ReadonlyMap<string, unknown>;
  readonly traceparent: string | undefined;

  constructor(readonly carried: Carried) {
    Object.defineProperty(this, 'carried', { enumerable: false });
    this.traceparent = carried.traceparent;
    const values = new Map<string, unknown>();
    if (carried.traceparent !== undefined) values.set(traceName, carried.traceparent);
    for (const { name, how } of allCarriers()) {
      if (!carried.values.has(name)) continue;
      const value = carried.values.get(name);
      values.set(name, how === undefined ? value : how.extract(value));
    }
    this.#values = values;
  }

  valueOf(name: string, otherwise: unknown): unknown {
    return this.#values.has(name) ? this.#values.get(name) : otherwise;
  }

  run<R>(work: () => R): R {
    return apart(() => {
      const delivery = new Delivery();
      delivery.add(this);
      enter(delivery);
      return work();
    });
  }
}

export class Delivery {
  readonly contexts: LiveContext[] = [];
  /** Whether all messages have come with one context. */
  #isOne = true;

  /** `event`: what is told of the receive. */
  constructor(private readonly event?: TraceEvent) {}

  get isFilled(): boolean {
    return this.contexts.length > 0;
  }

  /** A message came. */
  add(context: LiveContext): void {
    this.#isOne &&= !this.isFilled || this.contexts[0]?.carried === context.carried;
    this.contexts.push(context);
    if (this.event !== undefined && context.traceparent !== undefined) {
      this.event.traceparent ??= context.traceparent;
    }
  }

  /** What the code behind it sees: where messages came from several contexts, none of them. */
  valueOf(name: string, otherwise: unknown): unknown {
    return this.#isOne ? this.contexts[0]?.valueOf(name, otherwise) : otherwise;
  }
}

/** The receive that the code follows which runs. */
const deliveries = new AsyncLocalStorage<{
  readonly delivery: Delivery;
  readonly before: Delivery | undefined;
}>();
/** The receive that is under way in this call. */
let underWay: Delivery | undefined;

/** The code that follows is that of this receive. */
export function enter(delivery: Delivery): void {
  for (const { name, raw } of allCarriers()) {
    const before = settled(raw.get());
    // What came before that has come to an end: loops make no chain of it.
    if (before instanceof Cell) before.before = undefined;
    raw.enter(new Cell(name, delivery, before instanceof Cell ? before.base : before, before));
  }
  deliveries.enterWith({ delivery, before: last() });
}

/** Runs `work` so that what it enters does not go on behind it. */
export function apart<R>(work: () => R): R {
  return new AsyncResource('millrace.message').runInAsyncScope(work);
}

/** Does a receive that does not wait, or blocks: what comes is that of the code behind it. */
export function receiving<R>(event: TraceEvent | undefined, receive: () => R): R {
  const delivery = new Delivery(event);
  try {
    return during(delivery, receive);
  } finally {
    if (delivery.isFilled) enter(delivery);
  }
}

/** Does a receive that may have to wait: what comes, whenever it does, is that of the code that awaits it. */
export function awaiting<R>(event: TraceEvent | undefined, receive: () => R): R {
  const delivery = new Delivery(event);
  enter(delivery);
  return during(delivery, receive);
}

function during<R>(delivery: Delivery, receive: () => R): R {
  const outer = underWay;
  underWay = delivery;
  try {
    return receive();
  } finally {
    underWay = outer;
  }
}

/** Where the context of a message goes that is read now: asked for before code of the caller's runs. */
export function reading(): (carried: Carried) => void {
  const delivery = underWay ?? deliveries.getStore()?.delivery;
  return (carried) => delivery?.add(new LiveContext(carried));
}

function last(): Delivery | undefined {
  const entered = deliveries.getStore();
  return entered === undefined || entered.delivery.isFilled ? entered?.delivery : entered.before;
}

/**
 * The contexts of the messages that the last receive here has brought, in their order: for verbs of many, whose messages
 * may come from several contexts. Empty where no message of a channel made with `context` was received before.
 *
 * @example
 * ```ts
 * import { AsyncLocalStorage } from 'node:async_hooks';
 * import { bounded, carry, messageContexts } from 'millrace';
 *
 * const requestId = new AsyncLocalStorage<string>();
 * carry('request id', requestId);
 * const [tx, rx] = bounded(8, { codec: 'text', context: true });
 * for (const id of ['r1', 'r2']) requestId.run(id, () => tx.trySend(`from ${id}`));
 * tx.close();
 * for await (const texts of rx.batches(8)) {
 *   const contexts = messageContexts();
 *   texts.forEach((text, index) => {
 *     contexts[index]?.run(() => console.log(requestId.getStore(), text)); // r1 from r1, then r2 from r2
 *   });
 * }
 * rx.close();
 * ```
 */
export function messageContexts(): readonly MessageContext[] {
  return last()?.contexts ?? [];
}
