/** The newest value that has come, and those who wait for a newer one. */
import type { WaitOptions } from '../event-loop/wait-options.js';
import { Taker } from './receiving/taker.js';

export class NewestValue {
  #bytes: Uint8Array | undefined;
  #value: unknown;
  readonly #waiting = new Set<Taker>();

  get hasChanged(): boolean {
    return this.#bytes !== undefined;
  }

  came(bytes: Uint8Array): void {
    this.#bytes = bytes;
    for (const waiting of this.#waiting) waiting.give(true);
  }

  /** The same value until another has come. One that cannot be decoded throws, once. */
  get(decode: (bytes: Uint8Array) => unknown): unknown {
    const bytes = this.#bytes;
    if (bytes === undefined) return this.#value;
    this.#bytes = undefined;
    this.#value = decode(bytes);
    return this.#value;
  }

  async changed(options: WaitOptions): Promise<boolean> {
    if (options.signal?.aborted === true) throw options.signal.reason;
    if (this.hasChanged) return true;
    if (options.timeout === 0) return false;
    const waiting = new Taker(1, options, () => this.#waiting.delete(waiting));
    this.#waiting.add(waiting);
    return (await waiting.promise).length > 0;
  }

  close(error: Error): void {
    for (const waiting of this.#waiting) waiting.fail(error);
  }
}
