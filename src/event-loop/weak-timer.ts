/** A timer that holds nothing of the package: it may outlive a copy that its loader drops, so it imports nothing. */

/** What is called. */
interface Target {
  look(): void;
}

/** Calls `target` after `delay` milliseconds, if it is still there; `start` is the `setTimeout` to use. */
export function callLater(
  start: (call: () => void, delay: number) => NodeJS.Timeout,
  target: Target,
  delay: number,
): void {
  const held = new WeakRef(target);
  start(() => held.deref()?.look(), delay).unref();
}
