/** Where a request is read and its handler runs: the context of the code that called. */
import { AsyncResource } from 'node:async_hooks';

import type { EndState } from '../ends/end-state.js';
import { traceparent } from './carry.js';
import { Delivery, apart, enter } from './delivery.js';
import { receives, telling } from './events.js';

export class RequestScope {
  readonly #scope = apart(() => {
    enter(new Delivery());
    return new AsyncResource('millrace.request');
  });

  /** Reads the request, and the context before it. */
  read<R>(read: () => R): R {
    return this.#scope.runInAsyncScope(read);
  }

  /** Runs the handler. */
  handle(state: EndState, handler: () => unknown): unknown {
    return this.#scope.runInAsyncScope(() =>
      telling(receives, state, 'serve', true, handler, traceparent.getStore()),
    );
  }
}
