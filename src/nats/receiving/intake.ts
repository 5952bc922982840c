/**
 * The receives of one handle: what they ask of the server, and how its messages are dealt out.
 *
 *     takers: [recv][recvMany(64)]        --pull 65, wait--> server
 *       ^ the first gets the next              |
 *       '------- message, message, ... --------'  status: that was all for now, or time is over
 *
 * Nothing is asked for that nobody waits for; what comes for one who has gone goes back.
 */
import type { Msg, Subscription } from '@nats-io/transport-node';

import { clearTimeout, setTimeout, timeNow } from '../../event-loop/runtime.js';
import { type Delivery, readDelivery } from './delivery.js';
import { overError } from '../ending.js';
import { Pause } from '../pause.js';
import { createInbox } from '../peers.js';
import type { Stream } from '../stream.js';
import type { Taker } from './taker.js';

/** The most messages of one pull. */
const mostAsked = 1024;
/** The longest that a pull waits at the server, in milliseconds; after it we look whether the channel has ended. */
const longestPull = 5000;
/** How much later than that an answer may come. */
const grace = 2000;

export interface Dealing {
  /** Gives `delivery` to `taker`; false: it was not for it. Throws what the taker is to be told. */
  deal(delivery: Delivery, taker: Taker): void;
  /** Nobody waits for it. */
  giveBack(delivery: Delivery): void;
}

export class Intake {
  readonly #stream: Stream;
  readonly #dealing: Dealing;
  readonly #inbox: string;
  readonly #subscription: Subscription;
  #takers: Taker[] = [];
  readonly #thrown: unknown[] = [];
  /** The pull under way, by its number; 0 for none. */
  #pull = 0;
  #pulls = 0;
  /** How many messages it still asks for: with the last of them it is over. */
  #wanted = 0;
  #asked = 0;
  #late: NodeJS.Timeout | undefined;
  /** It is not for the server to say what comes next: it was asked something else, or refuses, or there is nothing but what others have. */
  #rests = false;
  readonly #pause = new Pause(5, 500);

  constructor(stream: Stream, dealing: Dealing) {
    this.#stream = stream;
    this.#dealing = dealing;
    const { connection } = stream.link;
    this.#inbox = createInbox();
    this.#subscription = connection.subscribe(`${this.#inbox}.*`, {
      callback: (error, message) => {
        if (error === null) this.#came(message);
        else this.#failAll(error);
      },
    });
    stream.link.follow(this.#changed);
  }

  add(taker: Taker): void {
    this.#takers.push(taker);
    this.#throw();
    this.#ask();
  }

  remove(taker: Taker): void {
    const at = this.#takers.indexOf(taker);
    if (at >= 0) this.#takers.splice(at, 1);
  }

  /** Something has become of the channel, which a pull that waits does not hear. */
  look(): void {
    if (this.#pull === 0) return;
    this.#over();
    void this.#rest(() => this.#check());
  }

  /** Nothing is received any more. */
  stop(error: Error): void {
    this.#failAll(error);
    clearTimeout(this.#late);
    this.#pause.end();
    this.#stream.link.leave(this.#changed);
    // What is on its way comes first, and goes back.
    void this.#unsubscribe();
  }

  async #unsubscribe(): Promise<void> {
    if (this.#stream.link.isClosed) return;
    if (this.#pull !== 0 && this.#stream.link.isUp)
      await this.#stream.link.connection.flush().catch(() => {});
    this.#subscription.unsubscribe();
  }

  readonly #changed = (): void => {
    const { link } = this.#stream;
    // The server has forgotten the pull.
    this.#over();
    this.#pause.reset();
    this.#pause.end();
    if (link.isClosed) this.#failFor(() => link.mustBeOpen());
    else if (link.isUp) this.#ask();
    else this.#answerThoseWhoTryOnce();
  };

  #ask(): void {
    if (this.#pull !== 0 || this.#rests || this.#takers.length === 0) return;
    if (!this.#stream.link.isUp) {
      this.#answerThoseWhoTryOnce();
      return;
    }
    let batch = 0;
    let expires = 0;
    const now = timeNow();
    for (const taker of this.#takers) {
      batch += taker.max - taker.values.length;
      expires = Math.max(expires, Math.min(taker.end - now, longestPull));
    }
    // What is left comes at once, or back from somebody.
    if (this.#stream.hasEnded) expires = 0;
    this.#pulls += 1;
    this.#pull = this.#pulls;
    this.#asked = Math.min(batch, mostAsked);
    this.#wanted = this.#asked;
    const request = {
      batch: this.#asked,
      no_wait: true,
      // Without it the answer is at once that there is nothing.
      ...(expires >= 1 ? { expires: Math.floor(expires) * 1_000_000 } : {}),
    };
    const { connection } = this.#stream.link;
    connection.publish(this.#stream.pullSubject, JSON.stringify(request), {
      reply: `${this.#inbox}.${this.#pull}`,
    });
    this.#late = setTimeout(() => this.#next(), expires + grace);
  }

  #came(message: Msg): void {
    const status = message.headers?.code ?? 0;
    if (message.reply !== undefined && message.reply !== '' && status === 0) {
      this.#deal(readDelivery(message));
      this.#wanted -= 1;
      if (this.#wanted === 0 && this.#pull !== 0) this.#next();
    } else if (message.subject.endsWith(`.${this.#pull}`))
      this.#told(status, message.headers?.description ?? '');
  }

  #deal(delivery: Delivery): void {
    const [taker] = this.#takers;
    if (taker === undefined) {
      this.#dealing.giveBack(delivery);
      return;
    }
    this.#pause.reset();
    try {
      this.#dealing.deal(delivery, taker);
    } catch (error) {
      this.#thrown.push(error);
      if (taker.values.length > 0) taker.answer();
      this.#throw();
    }
  }

  /** The next receive is told what could not be dealt out behind the messages before it. */
  #throw(): void {
    if (this.#thrown.length > 0) this.#takers[0]?.fail(this.#thrown.shift());
  }

  /** The pull is over. */
  #told(status: number, description: string): void {
    // 404: that was all that was there. 408: its time is over. Else the server or its consumer has gone, or will not have us.
    if (status === 404 || status === 408) this.#next();
    else {
      this.#over();
      void this.#rest(() => this.#refused(status, description));
    }
  }

  /** Answers those who have something; for the others it looks whether anything can come. */
  #next(): void {
    const gave = this.#wanted < this.#asked;
    this.#over();
    for (const taker of this.#takers.filter(({ values }) => values.length > 0)) taker.answer();
    if (gave) this.#ask();
    else if (this.#takers.length > 0) void this.#rest(() => this.#check());
  }

  #over(): void {
    this.#pull = 0;
    clearTimeout(this.#late);
  }

  /** Asks for nothing until `work` is done, and then for those who still wait. */
  async #rest(work: () => Promise<void>): Promise<void> {
    if (this.#rests) return;
    this.#rests = true;
    try {
      await work();
    } catch (error) {
      this.#failAll(error);
    }
    this.#rests = false;
    this.#ask();
  }

  async #refused(status: number, description: string): Promise<void> {
    await this.#pause.pass();
    const course = await this.#stream.lookIfThere();
    const isMissing = status === 503 || /consumer/i.test(description);
    if (course !== undefined && isMissing) await this.#stream.haveConsumerAgain();
    this.#answerThoseWhoTryOnce();
  }

  /** Whether nothing more can come; who tries once is told that there was nothing. */
  async #check(): Promise<void> {
    const course = await this.#stream.lookIfThere();
    const over = course === undefined ? undefined : overError(course);
    if (over !== undefined && course?.messages === 0) this.#failAll(over);
    this.#answerThoseWhoTryOnce();
    // What others have may still come back.
    if (this.#takers.length > 0 && (over !== undefined || course === undefined)) await this.#pause.pass();
  }

  #answerThoseWhoTryOnce(): void {
    const now = timeNow();
    for (const taker of this.#takers.filter(({ end }) => end <= now)) taker.answer();
  }

  #failFor(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.#failAll(error);
    }
  }

  #failAll(error: unknown): void {
    for (const taker of this.#takers.splice(0)) taker.fail(error);
  }
}
