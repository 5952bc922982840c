/**
 * How a message's context gets to the code that follows a receive. Where that has to wait, `await` has taken the context
 * along before the message is there: so a receive that begins puts a cell into each storage, and fills all of them when
 * the message comes.
 *
 * ```text
 *   recv() ---> storages hold cells ---> await keeps them ---> message: filled ---> getStore() sees what came
 * ```
 */
import type { AsyncLocalStorage } from 'node:async_hooks';

import type { Delivery } from './delivery.js';

/** What a storage holds where a receive has begun. */
export class Cell {
  constructor(
    readonly name: string,
    readonly delivery: Delivery,
    /** What the thread itself has put there, before any message. */
    readonly base: unknown,
    /** What counts until the message is there. */
    public before: unknown,
  ) {}
}

/** A storage as it is, cells and all. */
export interface Raw {
  get(): unknown;
  enter(value: unknown): void;
}

const raws = new WeakMap<AsyncLocalStorage<unknown>, Raw>();

/** What is in a storage, for its user. */
export function shown(value: unknown): unknown {
  let at = value;
  while (at instanceof Cell) {
    if (at.delivery.isFilled) return at.delivery.valueOf(at.name, at.base);
    at = at.before;
  }
  return at;
}

/** What counted before a receive that has brought nothing yet. */
export function settled(value: unknown): unknown {
  let at = value;
  while (at instanceof Cell && !at.delivery.isFilled) at = at.before;
  return at;
}

/** Has a storage show what is in its cells; how it is used without that. */
export function watched(storage: AsyncLocalStorage<unknown>): Raw {
  const known = raws.get(storage);
  if (known !== undefined) return known;
  const get = storage.getStore.bind(storage);
  const enter = storage.enterWith.bind(storage);
  // The runtime's own `run` takes what `getStore` gives for what is there, which is not so where there is a cell.
  const run = (store: unknown, callback: (...args: unknown[]) => unknown, ...args: unknown[]): unknown => {
    const before = get();
    enter(store);
    try {
      return callback(...args);
    } finally {
      enter(before);
    }
  };
  const own = (value: unknown) => ({ value, configurable: true, writable: true });
  Object.defineProperties(storage, { getStore: own(() => shown(get())), run: own(run) });
  const raw = { get, enter };
  raws.set(storage, raw);
  return raw;
}
