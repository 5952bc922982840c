/** What became of the messages that were given out: told to the server until it has certainly read it. */
import type { Link } from './link.js';

const encoder = new TextEncoder();
const words = {
  ack: encoder.encode('+ACK'),
  nack: encoder.encode('-NAK'),
  giveUp: encoder.encode('+TERM'),
} as const;
const atWork = encoder.encode('+WPI');

export class Settlements {
  /** Not known to be read, by the subject of each. */
  readonly #unread = new Map<string, Uint8Array>();
  readonly #link: Link;
  #confirming: Promise<void> | undefined;

  constructor(link: Link) {
    this.#link = link;
    link.follow(this.#changed);
  }

  settle(reply: string, how: keyof typeof words): void {
    this.#unread.set(reply, words[how]);
    this.#tell(reply, words[how]);
    this.#confirming ??= this.#confirm();
  }

  /** The message is being worked on: it is not given out again for a while. */
  keep(reply: string): void {
    if (this.#link.isUp) this.#tell(reply, atWork);
  }

  /** Resolves when all is read, or nobody is there to read it. */
  async flushed(): Promise<void> {
    while (this.#unread.size > 0 && this.#link.isUp) await (this.#confirming ??= this.#confirm());
  }

  leave(): void {
    this.#link.leave(this.#changed);
  }

  readonly #changed = (): void => {
    if (this.#unread.size === 0 || !this.#link.isUp) return;
    for (const [reply, word] of this.#unread) this.#tell(reply, word);
    this.#confirming ??= this.#confirm();
  };

  #tell(reply: string, word: Uint8Array): void {
    if (!this.#link.isClosed) this.#link.connection.publish(reply, word);
  }

  /** The answer to a ping says that all before it is read. */
  async #confirm(): Promise<void> {
    // Those of this turn go with one ping.
    await Promise.resolve();
    const told = [...this.#unread.keys()];
    try {
      if (this.#link.isUp) {
        await this.#link.connection.flush();
        for (const reply of told) this.#unread.delete(reply);
      }
    } catch {
      // The connection is lost: all is told again when it is back.
    }
    this.#confirming = undefined;
    if (this.#unread.size > 0 && this.#link.isUp) this.#confirming = this.#confirm();
  }
}
