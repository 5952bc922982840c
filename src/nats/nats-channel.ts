/** A channel whose messages a NATS server keeps: its ends in this process, and what they share. */
import type { NatsConnection, NodeConnectionOptions, Subscription } from '@nats-io/transport-node';

import type { BytesLike } from '../border/bytes.js';
import type { Carried } from '../channel.js';
import type { Codec } from '../codecs/codec.js';
import type { AsyncReceiver, AsyncSender } from '../ends/async-ends.js';
import { ChannelStateError } from '../errors/errors.js';
import { clearTimeout, setTimeout } from '../event-loop/runtime.js';
import { Lending, Takings } from './receiving/dealer.js';
import type { Dealing } from './receiving/intake.js';
import type { Lease } from '../leases/lease.js';
import { Leases, bury } from './receiving/lease.js';
import { type Link, open } from './link.js';
import { NatsReceiver } from './receiving/nats-receiver.js';
import { NatsSender } from './sending/nats-sender.js';
import {
  type NatsLeaseOptions,
  type NatsOptions,
  type NatsSettings,
  readName,
  readNatsOptions,
} from './options.js';
import { Settlements } from './receiving/settlements.js';
import { Stream } from './stream.js';

/** How long a channel that is closed waits for the server to hear the last of it, in milliseconds. */
const lastWords = 5000;

/**
 * A channel over NATS, as it is open in this process. It stays at the server when it is closed here.
 *
 * @example
 * ```ts needs=nats
 * import { natsChannel, type NatsChannel } from 'millrace/nats';
 *
 * async function work({ receiver }: NatsChannel<string, string>) {
 *   for await (const job of receiver()) console.log(job); // one, then two
 * }
 * const jobs = await natsChannel({ servers: process.env['NATS_URL']! }, 'work', { capacity: 8, codec: 'text' });
 * const tx = jobs.sender();
 * await tx.sendMany(['one', 'two']);
 * tx.end();
 * await work(jobs);
 * await jobs.destroy();
 * ```
 */
export interface NatsChannel<in In, out Out> {
  /** The name that it was opened by. */
  readonly name: string;
  /**
   * A sending end. Sends of one end are accepted in call order. A send resolves when the server has the message; it waits
   * while the channel is full, or the server is gone. A message is sent at least once: one whose answer was lost is sent
   * again, and the server knows it within `window`; one that was killed knows only what still lies there. A message beyond
   * the server's `max_payload` is a `RangeError`.
   */
  readonly sender: () => AsyncSender<In>;
  /**
   * A receiving end. A message goes to one of all receivers, in whatever process. Without `ack: true` it is acknowledged
   * when it is taken; it comes at least once: one that is taken just before the server is killed may come again.
   */
  readonly receiver: () => AsyncReceiver<Out>;
  /**
   * Closes its ends in this process: what waits is rejected with `ChannelStateError`, leases that are not settled go
   * back, and it resolves when the server has heard of all that was settled and ended, or 5 s have passed. It rejects with
   * what the server has refused of that.
   */
  readonly close: () => Promise<void>;
  /** Takes the channel away from the server, for everybody and with what is in it, and closes it here. */
  readonly destroy: () => Promise<void>;
  /** As `close`, for `await using`. */
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

/** What a receiver of a channel with, or without, `ack: true` gives. */
type Given<Ack, Out> = Ack extends true ? Lease<Out> : Out;
type Wanted<Ack> = Ack extends true ? NatsLeaseOptions : NatsOptions & { ack?: false };

/**
 * Opens a channel over NATS; the codec decides what its senders take and its receivers give.
 *
 * @example
 * ```ts needs=nats
 * import { natsChannel, type OpenNatsChannel } from 'millrace/nats';
 *
 * const withoutLeases: OpenNatsChannel<false> = natsChannel;
 * const texts = await withoutLeases({ servers: process.env['NATS_URL']! }, 'texts', { capacity: 8, codec: 'text' });
 * const [tx, rx] = [texts.sender(), texts.receiver()];
 * await tx.send('one');
 * console.log(await rx.recv()); // one
 * await texts.destroy();
 * ```
 */
export interface OpenNatsChannel<Ack extends boolean> {
  (
    connection: NatsConnection | NodeConnectionOptions,
    name: string,
    options: Wanted<Ack> & { codec?: 'bytes' },
  ): Promise<NatsChannel<BytesLike, Given<Ack, Uint8Array<ArrayBuffer>>>>;
  (
    connection: NatsConnection | NodeConnectionOptions,
    name: string,
    options: Wanted<Ack> & { codec: 'buffer' },
  ): Promise<NatsChannel<BytesLike, Given<Ack, Buffer>>>;
  (
    connection: NatsConnection | NodeConnectionOptions,
    name: string,
    options: Wanted<Ack> & { codec: 'text' },
  ): Promise<NatsChannel<string, Given<Ack, string>>>;
  (
    connection: NatsConnection | NodeConnectionOptions,
    name: string,
    options: Wanted<Ack> & { codec: 'f64' },
  ): Promise<NatsChannel<number, Given<Ack, number>>>;
  (
    connection: NatsConnection | NodeConnectionOptions,
    name: string,
    options: Wanted<Ack> & { codec: 'json' | 'structured' },
  ): Promise<NatsChannel<unknown, Given<Ack, unknown>>>;
  <T extends Carried>(
    connection: NatsConnection | NodeConnectionOptions,
    name: string,
    options: Wanted<Ack> & { codec: 'json' | 'structured' },
  ): Promise<NatsChannel<T, Given<Ack, T>>>;
  <In extends Carried, Out extends Carried>(
    connection: NatsConnection | NodeConnectionOptions,
    name: string,
    options: Wanted<Ack> & { codec: Codec<In, Out> },
  ): Promise<NatsChannel<In, Given<Ack, Out>>>;
}

/**
 * Opens a channel whose messages a NATS server keeps, in a JetStream work queue, for senders and receivers in whatever
 * process on whatever machine; it is made where it is not there. `connection` is one of `@nats-io/transport-node`, which
 * stays yours, or what to connect with, which never gives up and is closed with the channel.
 *
 * As on a channel of this process: back-pressure, order, `end` and `fail`, timeouts and signals. Otherwise: at least once
 * in place of exactly once; no rendezvous, nothing that blocks or never waits; closing an end tells nobody, the channel
 * closes by `end`, and stays closed; the death of a process is seen by nobody, but its messages come back. `docs/nats.md`
 * has it all.
 *
 * Rejects with `ChannelStateError`, which says what to do, where the server cannot be reached or does not let us in, is
 * older than 2.10, has no JetStream, does not permit it, or has a channel of that name that was made otherwise; with a
 * `TypeError` or `RangeError` for options that cannot be honoured.
 *
 * @example
 * ```ts needs=nats
 * import { natsChannel } from 'millrace/nats';
 *
 * const servers = process.env['NATS_URL']!;
 * const jobs = await natsChannel<{ id: number }>({ servers }, 'jobs', { capacity: 10_000, codec: 'json' });
 * const [tx, rx] = [jobs.sender(), jobs.receiver()];
 * await tx.send({ id: 1 });
 * console.log((await rx.recv()).id); // 1
 * await jobs.destroy();
 * ```
 */
export const natsChannel = async function natsChannel(connection: unknown, name: unknown, options: unknown) {
  const label = readName(name);
  const settings = readNatsOptions(options);
  const link = await open(connection);
  try {
    const stream = new Stream(link, label, settings);
    await link.whileUp(() => stream.open());
    return new Opened(stream, settings);
  } catch (error) {
    if (link.isOurs) await link.connection.close();
    throw error;
  }
} as OpenNatsChannel<true> & OpenNatsChannel<false>;

class Opened implements NatsChannel<unknown, unknown> {
  readonly #stream: Stream;
  readonly #settings: NatsSettings;
  readonly #link: Link;
  readonly #settlements: Settlements;
  readonly #leases: Leases | undefined;
  /** One for all receivers: what one has taken, another knows. */
  readonly #dealing: Dealing;
  readonly #senders = new Set<NatsSender<unknown>>();
  readonly #receivers = new Set<NatsReceiver<unknown>>();
  /** Sends and ends that the server has not answered. */
  readonly #work = new Set<Promise<unknown>>();
  readonly #advice: Subscription;
  #closing: Promise<void> | undefined;

  constructor(stream: Stream, settings: NatsSettings) {
    this.#stream = stream;
    this.#settings = settings;
    this.#link = stream.link;
    this.#settlements = new Settlements(this.#link);
    this.#leases = settings.ack ? this.#lease() : undefined;
    this.#dealing =
      this.#leases === undefined
        ? new Takings(settings.codec, this.#settlements)
        : new Lending(settings.codec, this.#settlements, this.#leases);
    // Where it is not permitted, receivers hear of the end when their pulls come back.
    this.#advice = this.#link.connection.subscribe(`$JS.EVENT.ADVISORY.STREAM.*.${stream.name}`, {
      callback: () => {
        for (const receiver of this.#receivers) receiver.look();
      },
    });
  }

  get name(): string {
    return this.#stream.label;
  }

  readonly sender = (): AsyncSender<unknown> => {
    this.#mustBeOpen();
    const sender = new NatsSender<unknown>(this.#stream, this.#work, (end) => this.#senders.delete(end));
    this.#senders.add(sender);
    return sender;
  };

  readonly receiver = (): AsyncReceiver<unknown> => {
    this.#mustBeOpen();
    const receiver = new NatsReceiver<unknown>(this.#stream, this.#dealing, (end) =>
      this.#receivers.delete(end),
    );
    this.#receivers.add(receiver);
    return receiver;
  };

  readonly close = (): Promise<void> => (this.#closing ??= this.#close());

  readonly destroy = async (): Promise<void> => {
    this.#mustBeOpen();
    await this.#stream.destroy();
    await this.close();
  };

  readonly [Symbol.asyncDispose] = (): Promise<void> => this.close();

  async #close(): Promise<void> {
    for (const sender of this.#senders) sender.stop();
    for (const receiver of this.#receivers) receiver.close();
    this.#leases?.close();
    const settled = await atMost(lastWords, async () => {
      const outcomes = await Promise.allSettled(this.#work);
      await this.#settlements.flushed();
      return outcomes.find((one) => one.status === 'rejected');
    });
    this.#settlements.leave();
    if (!this.#link.isClosed) this.#advice.unsubscribe();
    if (this.#link.isOurs) await this.#link.connection.close();
    if (settled !== undefined && !(settled.reason instanceof ChannelStateError)) throw settled.reason;
  }

  #lease(): Leases {
    const { maxAttempts, deadLetter, ackWait } = this.#settings;
    const settlements = this.#settlements;
    return new Leases(
      settlements,
      maxAttempts,
      (held) => {
        const burial = bury(held, settlements, deadLetter);
        this.#work.add(burial);
        void burial.then(() => this.#work.delete(burial));
      },
      ackWait,
    );
  }

  #mustBeOpen(): void {
    if (this.#closing !== undefined) {
      throw new ChannelStateError(`the channel '${this.name}' was closed in this process: open it anew`);
    }
  }
}

/** What `work` gives, or `undefined` when it takes longer. */
async function atMost<T>(milliseconds: number, work: () => Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
