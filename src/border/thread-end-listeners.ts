/** What listens for this thread's end. It outlives the copy of the package that made it, so it imports nothing. */

/** Of a copy of the package: told of the end, with what was thrown, if that is what ends it. */
export interface Copy {
  threadEnds?(code: number, thrown: { readonly error: unknown } | undefined): void;
}

/** Listens for all copies of the package in this thread. */
export function hear(copies: ReadonlySet<WeakRef<Copy>>): void {
  let thrown: { readonly error: unknown } | undefined;
  process.on('uncaughtExceptionMonitor', (error) => {
    const latest = { error };
    thrown = latest;
    // The thread ends within this very task, or not by this error: somebody has handled it.
    queueMicrotask(() => {
      if (thrown === latest) thrown = undefined;
    });
  });
  process.on('exit', (code) => {
    for (const copy of copies) copy.deref()?.threadEnds?.(code, thrown);
  });
}
