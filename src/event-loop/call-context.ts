/** The async context of a call (`AsyncLocalStorage`), in which the caller's own code runs that it leads to, whether the call had to wait or not. */
import { AsyncResource } from 'node:async_hooks';

import type { WireCodec } from '../codecs/codec.js';

/** The calling code's context; `undefined` where the codec runs none of the caller's code, so that it does not matter. */
export function contextFor(codec: WireCodec | undefined): AsyncResource | undefined {
  return codec?.isCustom === true ? new AsyncResource('millrace') : undefined;
}

/** Runs what may run the caller's code. */
export function runIn<R>(context: AsyncResource | undefined, run: () => R): R {
  return context === undefined ? run() : context.runInAsyncScope(run);
}
