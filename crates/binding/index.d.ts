/** What `#binding` is to the compiler: the loader that the napi CLI generates. `src/binding.ts` says what it is. */
declare const native: unknown;
export = native;
