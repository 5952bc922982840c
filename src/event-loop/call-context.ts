/** The async context of a call (`AsyncLocalStorage`), in which the caller's own code runs that it leads to, whether the call had to wait or not. */
import { AsyncResource } from 'node:async_hooks';

import type { WireCodec } from '../codecs/codec.js';

/** The calling code's context; `undefined` where the codecs run none of the caller's code, so that it does not matter. */
export function contextFor(...codecs: readonly WireCodec[]): AsyncResource | undefined {
  return codecs.some((codec) => codec.isCustom === true) ? new AsyncResource('millrace') : undefined;
}

/** Runs what may run the caller's code. */
export function runIn<R>(context: AsyncResource | undefined, run: () => R): R {
  return context === undefined ? run() : context.runInAsyncScope(run);
}
