/**
 * The sends of one handle, on their way to the server: in order, many in one publication, one publication at a time.
 *
 *     queue: [send][send][sendMany....][end]
 *             '------- taken ------'        --publish-->  accepted: settled
 *                                                         full: a look for room, and pauses until there is some
 *                                                         unheard: the same pack again, with the same ids
 */
import { type Ending, endedError } from '../ending.js';
import type { Link } from '../link.js';
import { Pause } from '../pause.js';
import { type Outgoing, PendingSend } from './pending-send.js';
import { Publisher } from './publisher.js';
import type { Stream } from '../stream.js';

/** The most messages, and bytes, of one publication. */
const mostMessages = 256;
const mostBytes = 4 * 2 ** 20;

type Entry = PendingSend | Ending;

export class Outbox {
  readonly #stream: Stream;
  readonly #link: Link;
  readonly #publisher: Publisher;
  #queue: Entry[] = [];
  /** How many messages go in one publication now: as many as there is room for. */
  #pack: number;
  readonly #mostPacked: number;
  readonly #untilRoom = new Pause(1, 50);
  readonly #untilHeard = new Pause(10, 1000);
  #running = false;
  #ended = false;
  #retired = false;

  constructor(stream: Stream) {
    this.#stream = stream;
    this.#link = stream.link;
    this.#publisher = new Publisher(stream);
    this.#mostPacked = Math.min(mostMessages, stream.settings.capacity);
    this.#pack = this.#mostPacked;
    this.#link.follow(this.#changed);
  }

  /** Sends that have not settled. */
  get pending(): number {
    return this.#queue.length;
  }

  add(send: PendingSend): void {
    if (this.#ended) send.fail(endedError(this.#stream.label));
    else this.#enter(send);
  }

  end(ending: Ending): void {
    if (this.#ended) ending.done();
    else this.#enter(ending);
    this.#ended = true;
    // Who waits for room waits no more.
    this.#untilRoom.end();
  }

  /** Sends that wait are given up, with this error; those under way are answered. */
  stop(error: Error): void {
    for (const entry of this.#queue) if (entry instanceof PendingSend && !entry.underWay) entry.fail(error);
    this.wake();
  }

  /** Nothing is added any more: when all has settled, it is told of the connection no more. */
  retire(): void {
    this.#retired = true;
    if (!this.#running) this.#link.leave(this.#changed);
  }

  wake(): void {
    this.#untilRoom.end();
    this.#untilHeard.end();
  }

  readonly #changed = (): void => {
    if (!this.#link.isUp) this.#publisher.cutOff();
    this.wake();
  };

  #enter(entry: Entry): void {
    this.#queue.push(entry);
    if (!this.#running) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#queue.length > 0) {
      try {
        await this.#next();
      } catch (error) {
        this.#failAll(error);
      }
      this.#clear();
    }
    this.#running = false;
    if (this.#retired) this.#link.leave(this.#changed);
  }

  /** What is at the head of the queue: some sends, or an end. */
  async #next(): Promise<void> {
    const [head] = this.#queue;
    if (!(head instanceof PendingSend)) return this.#seal(head as Ending);
    if (head.isOver) return head.giveWay();
    const taken = this.#take();
    const outcome = await this.#publisher.publish(taken.messages);
    this.#settle(taken.sends, outcome.accepted);
    if (outcome.accepted > 0) this.#heard();
    if (outcome.next === 'sealed') this.#failAll(endedError(this.#stream.label));
    if (outcome.next === 'full') await this.#wait(taken.messages.length);
    if (outcome.next === 'unheard') await this.#listen();
  }

  #take(): { sends: PendingSend[]; messages: Outgoing[] } {
    const sends: PendingSend[] = [];
    const messages: Outgoing[] = [];
    let bytes = 0;
    for (const send of this.#queue) {
      if (!(send instanceof PendingSend) || messages.length === this.#pack) break;
      if (send.isOver) continue;
      for (let at = send.accepted; at < send.messages.length && messages.length < this.#pack; at += 1) {
        const message = send.messages[at] as Outgoing;
        bytes += message.bytes.length;
        if (messages.length > 0 && bytes > mostBytes) break;
        messages.push(message);
        send.underWay = true;
      }
      if (send.underWay) sends.push(send);
      if (bytes > mostBytes) break;
    }
    return { sends, messages };
  }

  #settle(sends: PendingSend[], accepted: number): void {
    let left = accepted;
    for (const send of sends) {
      const count = Math.min(left, send.messages.length - send.accepted);
      send.underWay = false;
      left -= count;
      if (count > 0) send.accept(count);
      if (send.givenUp !== undefined) send.giveWay();
    }
  }

  #heard(): void {
    this.#pack = this.#mostPacked;
    this.#untilRoom.reset();
    this.#untilHeard.reset();
  }

  /** There was no room for so many: looks how many there is room for, until there is some. */
  async #wait(tried: number): Promise<void> {
    this.#untilHeard.reset();
    this.#pack = Math.ceil(tried / 2);
    while (this.#queue[0] instanceof PendingSend) {
      const course = await this.#stream.lookIfThere();
      if (course === undefined) return;
      if (course.end !== undefined) return this.#failAll(endedError(this.#stream.label));
      const room = this.#stream.settings.capacity - course.messages;
      if (room > 0) {
        this.#pack = Math.min(room, this.#mostPacked);
        return;
      }
      this.#giveUpThoseWhoDoNotWait();
      if (this.#queue[0] instanceof PendingSend) await this.#untilRoom.pass();
      this.#clear();
    }
  }

  #giveUpThoseWhoDoNotWait(): void {
    for (const entry of this.#queue) {
      if (!(entry instanceof PendingSend)) continue;
      // Room may never come, and the end is here.
      if (this.#ended) entry.fail(endedError(this.#stream.label));
      else if (entry.isOver || entry.options.timeout === 0) entry.giveWay();
    }
    this.#clear();
  }

  /** Nobody has answered. */
  async #listen(): Promise<void> {
    this.#link.mustBeOpen();
    for (const entry of this.#queue) {
      if (entry instanceof PendingSend && entry.options.timeout === 0) entry.giveWay();
    }
    this.#clear();
    if (this.#queue.length > 0) await this.#untilHeard.pass();
  }

  async #seal(ending: Ending): Promise<void> {
    if (!(await ending.attempt(this.#stream))) return this.#listen();
    this.#queue.shift();
    ending.done();
  }

  #failAll(error: unknown): void {
    for (const entry of this.#queue) {
      if (entry instanceof PendingSend) entry.fail(error);
      else entry.failed(error);
    }
    this.#queue = [];
  }

  #clear(): void {
    this.#queue = this.#queue.filter((entry) => !(entry instanceof PendingSend) || !entry.settled);
  }
}
