/** What became of the messages that were given out: told to the server until it has certainly read it. */
import { timeNow } from '../../event-loop/runtime.js';
import type { Link } from '../link.js';

const encoder = new TextEncoder();
const words = {
  ack: encoder.encode('+ACK'),
  nack: encoder.encode('-NAK'),
  giveUp: encoder.encode('+TERM'),
} as const;
const atWork = encoder.encode('+WPI');

/** For how long a server may not have written what it has read, in milliseconds; how many of those are kept. */
const unwritten = 5000;
const mostRead = 65_536;

export class Settlements {
  /** Not known to be read, by the subject of each. */
  readonly #unread = new Map<string, Uint8Array>();
  /** Acknowledged and read, and when: a server that is killed may have read what it has not written. */
  readonly #read = new Map<string, number>();
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
    if (!this.#link.isUp) return;
    this.#forget();
    for (const reply of this.#read.keys()) this.#tell(reply, words.ack);
    for (const [reply, word] of this.#unread) this.#tell(reply, word);
    this.#confirming ??= this.#confirm();
  };

  #forget(): void {
    const old = timeNow() - unwritten;
    for (const [reply, at] of this.#read) {
      if (at > old && this.#read.size <= mostRead) return;
      this.#read.delete(reply);
    }
  }

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
        const now = timeNow();
        for (const reply of told) {
          if (this.#unread.get(reply) === words.ack) this.#read.set(reply, now);
          this.#unread.delete(reply);
        }
        this.#forget();
      }
    } catch {
      // The connection is lost: all is told again when it is back.
    }
    this.#confirming = undefined;
    if (this.#unread.size > 0 && this.#link.isUp) this.#confirming = this.#confirm();
  }
}
