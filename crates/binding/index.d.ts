/** What `#binding` is to the compiler: the loader that the napi CLI generates, seen as `src/binding.ts` describes it. */
import type { NativeBinding } from '../../src/binding.js';

declare const native: NativeBinding;
export = native;
