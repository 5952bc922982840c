/** What every end of a channel has: closing, looking at it, and whether it keeps the event loop alive. */
import { inspect } from 'node:util';

import { Code, Look, binding } from '../border/binding.js';
import { shownAsJson } from '../codecs/handles.js';
import { mayClose } from '../observe/diagnostics.js';
import type { CloseReason } from './close-reason.js';
import { warnOnce } from '../observe/forgotten.js';
import type { EndState } from './end-state.js';
import type { Stats } from './stats.js';

export type { Stats, WaitTimes } from './stats.js';

/**
 * What every handle has.
 *
 * @example
 * ```ts
 * import { bounded, type Handle } from 'millrace';
 *
 * function closeAll(...handles: Handle[]) {
 *   for (const handle of handles) handle[Symbol.dispose]();
 *   return handles.every((handle) => handle.isClosed);
 * }
 * console.log(closeAll(...bounded(1))); // true
 * ```
 */
export interface Handle {
  /**
   * Gives this end up; again does nothing. Its pending receives and `drained` reject with
   * `ChannelStateError`, its pending sends keep their place. When the last end of a side goes, the channel
   * closes: receivers drain what was accepted, senders are refused.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text' });
   * tx.trySend('last');
   * tx.close();
   * console.log(rx.tryRecv(), rx.isClosed); // last true
   * rx.close();
   * ```
   */
  close(): void;
  /** As {@link Handle.close}, for `using`. */
  [Symbol.dispose](): void;
  /**
   * Lets this handle's pending waits keep the event loop alive, which is how handles begin. An idle handle
   * never does.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text' });
   * rx.unref();
   * rx.ref();
   * tx.trySend('hello');
   * console.log(await rx.recv()); // hello
   * tx.close();
   * rx.close();
   * ```
   */
  ref(): void;
  /**
   * Lets the event loop end although this handle has pending waits.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [, rx] = bounded(8);
   * rx.unref();
   * void rx.recv(); // never settles, and does not keep the process running
   * ```
   */
  unref(): void;
  /**
   * The channel's figures, each of its own moment; exact whenever the channel is at rest. A spent handle
   * answers with those of its end.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text', label: 'greetings' });
   * tx.trySend('hello');
   * const { label, sent, length, bytes } = tx.stats();
   * console.log(label, sent, length, bytes); // greetings 1 1 5
   * tx.close();
   * rx.close();
   * ```
   */
  stats(): Stats;
  /** Sending side: nothing more is accepted. Receiving side: nothing is queued and nothing more can arrive. A spent handle is closed. */
  readonly isClosed: boolean;
  /**
   * Why this side is closed, `undefined` while it is open. A receiving side is open until what was accepted is received.
   * A spent handle answers with what it was when it was spent.
   *
   * @example
   * ```ts
   * import { bounded } from 'millrace';
   *
   * const [tx, rx] = bounded(8, { codec: 'text' });
   * tx.trySend('last');
   * tx.end();
   * console.log(tx.closeReason?.kind, rx.closeReason, rx.tryRecv(), rx.closeReason?.kind); // ended undefined last ended
   * tx.close();
   * rx.close();
   * ```
   */
  readonly closeReason: CloseReason | undefined;
}

/**
 * What a handle of a queue has.
 *
 * @example
 * ```ts
 * import { bounded, type QueueHandle } from 'millrace';
 *
 * const fill = (handle: QueueHandle) => `${handle.length} of ${handle.capacity}`;
 * const [tx, rx] = bounded(8, { codec: 'text' });
 * tx.trySend('one');
 * console.log(fill(tx), fill(rx), rx.isEmpty); // 1 of 8 1 of 8 false
 * tx.close();
 * rx.close();
 * ```
 */
export interface QueueHandle extends Handle {
  /** Whether nothing is queued now. */
  readonly isEmpty: boolean;
  /** Messages queued now. */
  readonly length: number;
  /** The most messages that may be queued; `Infinity` when unbounded. */
  readonly capacity: number;
}

/** Closes what the garbage collector finds unclosed, and says so once. */
const forgotten = new FinalizationRegistry<EndState>((state) => {
  if (state.spent !== undefined) return;
  const isClosed = binding.look(state.handle, Look.isClosed);
  // Nobody is left to tell of an error.
  if (isClosed === Code.spent) return;
  if (isClosed !== 1) warn(state);
  mayClose(() => binding.close(state.handle));
});

function warn(state: EndState): void {
  const { flavor, label } = state.stats();
  const channel = label === undefined ? flavor : `${flavor}, label ${inspect(label)}`;
  warnOnce({
    text: `An end of a channel (${channel}) was garbage-collected without close(); it is closed now.`,
    code: 'MILLRACE_UNCLOSED',
    detail:
      'Close handles with close() or `using`: until they are collected, the other side waits. Told once.',
  });
}

/** The own enumerable function that makes a structured clone of a handle fail; the error shows its source. */
export const refuseClone = () =>
  'A millrace handle cannot be cloned: post transfer(handle), and attach() it there';

export abstract class End implements Handle {
  readonly 'cannot be cloned' = refuseClone;
  readonly #state: EndState;
  /** Open iterators, not kept alive by this. */
  #iterators: Set<WeakRef<object>> | undefined;

  constructor(state: EndState) {
    this.#state = state;
    forgotten.register(this, state, state);
  }

  /** The state of an end, `undefined` for anything else. */
  static stateOf(value: unknown): EndState | undefined {
    return typeof value === 'object' && value !== null && #state in value ? value.#state : undefined;
  }

  /** Whether somebody still iterates over the end. */
  static isIterated(end: End): boolean {
    for (const iterator of end.#iterators ?? []) if (iterator.deref() !== undefined) return true;
    return false;
  }

  /** The end is another thread's from here on. */
  static passedOn(end: End): void {
    forgotten.unregister(end.#state);
  }

  get isClosed(): boolean {
    return this.#state.isClosed;
  }

  get closeReason(): CloseReason | undefined {
    return this.#state.closeReason;
  }

  stats(): Stats {
    return this.#state.stats();
  }

  ref(): void {
    this.#state.setRef(true);
  }

  unref(): void {
    this.#state.setRef(false);
  }

  close(): void {
    if (this.#state.spent !== undefined) return;
    this.#state.close();
    forgotten.unregister(this.#state);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  abstract get [Symbol.toStringTag](): string;

  toJSON(): object {
    return shownAsJson(this[Symbol.toStringTag]);
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    const { flavor, capacity, length, label } = this.stats();
    const facts: string[] = [flavor];
    if (capacity !== Infinity) facts.push(`capacity ${capacity}`);
    facts.push(`length ${length}`);
    if (label !== undefined) facts.push(`label ${inspect(label)}`);
    const state = this.#state.spent ?? (this.isClosed ? 'closed' : undefined);
    if (state !== undefined) facts.push(state);
    return `${this[Symbol.toStringTag]}<${this.#state.traits.codec.name}> { ${facts.join(', ')} }`;
  }

  /** Remembers an open iterator; call the answer when it has ended. */
  protected iterating(iterator: object): () => void {
    const reference = new WeakRef(iterator);
    const iterators = (this.#iterators ??= new Set());
    iterators.add(reference);
    return () => iterators.delete(reference);
  }
}

/** An end of a queue. */
export abstract class QueueEnd extends End implements QueueHandle {
  readonly #state: EndState;

  constructor(state: EndState) {
    super(state);
    this.#state = state;
  }

  get isEmpty(): boolean {
    return this.#state.isEmpty;
  }

  get length(): number {
    return this.#state.length;
  }

  get capacity(): number {
    return this.#state.capacity;
  }
}
