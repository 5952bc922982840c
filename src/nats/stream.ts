/**
 * A channel at the server: a work queue, and the one consumer that all receivers share.
 *
 *     stream millrace_NAME   subject millrace.NAME, work queue: a message goes when it is acknowledged
 *                            max_msgs + discard new (a full one refuses), or discard old; never a second limit beside it
 *                            sealed: the channel has ended, and how stands in its metadata
 *     consumer receivers     explicit ack, whatever number of pulls
 */
import type { ConsumerConfig, JetStreamManager, StreamConfig, StreamInfo } from '@nats-io/jetstream';

import { decodeError, encodeError } from '../errors/travel.js';
import { Gate } from './gate.js';
import type { Link } from './link.js';
import type { NatsSettings } from './options.js';
import { JetStreamApiError, jetstreamManager } from './peers.js';
import { gone, noJetStream, notPermitted, otherwise, violationOf } from './refusals.js';

const consumer = 'receivers';
const ended = 'millrace-ended';
const failure = 'millrace-failure';
const codecOf = 'millrace-codec';
/** The most characters that a failure may take of the metadata, of which a server takes 128 KiB. */
const longestFailure = 100_000;
const nanos = 1_000_000;

/** Errors of a client whose server is away, or has just come back. */
const passing = new Set(['TimeoutError', 'NoResponders', 'JetStreamNotEnabled']);

/** Codes of the server's errors. */
const streamNotFound = 10059;
const streamNameInUse = 10058;
const sealedAlready = 10052;
const consumerExists = new Set([10148, 10013]);

/** The messages of a channel, as the server has them now. */
export interface Course {
  readonly messages: number;
  readonly first: number;
  readonly last: number;
  readonly end: { readonly failure?: unknown } | undefined;
}

export class Stream {
  readonly name: string;
  readonly subject: string;
  readonly pullSubject: string;
  /** Whether the server takes several messages as one, all or none. */
  takesBatches = false;
  /** Whether it was seen to have ended. */
  hasEnded = false;
  /** Publications that may be under way; a server takes 50 batches at a time into a stream. */
  readonly gate = new Gate(32);
  #manager!: JetStreamManager;
  #looking: Promise<Course> | undefined;

  constructor(
    readonly link: Link,
    readonly label: string,
    readonly settings: NatsSettings,
  ) {
    this.name = `millrace_${label}`;
    this.subject = `millrace.${label}`;
    this.pullSubject = `$JS.API.CONSUMER.MSG.NEXT.${this.name}.${consumer}`;
  }

  /** Has the server make it, unless it is there. */
  async open(): Promise<void> {
    this.#manager = await this.#ask(jetstreamManager(this.link.connection));
    const wanted = this.#config();
    const made = (await this.#find()) ?? (await this.#make(wanted));
    this.hasEnded = made.config.sealed === true;
    const differences = differencesOf(wanted, made.config);
    if (differences.length > 0) throw otherwise(this.label, differences);
    this.takesBatches = made.config.allow_atomic === true;
    await this.haveConsumer();
  }

  /** Has the server make the consumer, unless it is there. */
  async haveConsumer(): Promise<void> {
    const ackWait = this.settings.ackWait * nanos;
    const config: Partial<ConsumerConfig> = {
      durable_name: consumer,
      ack_policy: 'explicit',
      ack_wait: ackWait,
      max_ack_pending: -1,
      max_waiting: 16_384,
    };
    try {
      await this.#ask(this.#manager.consumers.add(this.name, config));
    } catch (error) {
      if (!(error instanceof JetStreamApiError) || !consumerExists.has(error.code)) throw error;
      const { config: made } = await this.#manager.consumers.info(this.name, consumer);
      const told = `ackWait is ${(made.ack_wait ?? 0) / nanos}, not ${this.settings.ackWait}`;
      if (made.ack_wait !== ackWait) throw otherwise(this.label, [told]);
    }
  }

  /** As `haveConsumer`; where nobody can say, it is there. */
  async haveConsumerAgain(): Promise<void> {
    try {
      await this.haveConsumer();
    } catch (error) {
      this.link.mustBeOpen();
      if (!mayPass(error)) throw error;
    }
  }

  /** How it stands; who asks meanwhile gets the same answer. */
  look(): Promise<Course> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** Throws where it is gone for good; where nobody can say, it is not. */
  async lookIfThere(): Promise<Course | undefined> {
    try {
      return await this.look();
    } catch (error) {
      this.link.mustBeOpen();
      if (!mayPass(error)) throw error;
      return undefined;
    }
  }

  async #look(): Promise<Course> {
    const info = await this.#find();
    if (info === undefined) throw gone(this.label);
    const { state, config } = info;
    this.hasEnded ||= config.sealed === true;
    return {
      messages: state.messages,
      first: state.first_seq,
      last: state.last_seq,
      end: config.sealed === true ? endOf(config.metadata ?? {}) : undefined,
    };
  }

  /** Has the server take no more; the first that does so counts. */
  async seal(end: { readonly failure?: unknown }): Promise<void> {
    const info = await this.#find();
    if (info === undefined) throw gone(this.label);
    if (info.config.sealed === true) return;
    const metadata: Record<string, string> = { ...info.config.metadata, [ended]: 'yes' };
    if ('failure' in end) metadata[failure] = describe(end.failure);
    try {
      await this.#ask(
        this.#manager.streams.update(this.name, { metadata, sealed: true } as Partial<StreamConfig>),
      );
    } catch (error) {
      if (!(error instanceof JetStreamApiError) || error.code !== sealedAlready) throw error;
    }
  }

  async destroy(): Promise<void> {
    try {
      await this.#ask(this.#manager.streams.delete(this.name));
    } catch (error) {
      if (!(error instanceof JetStreamApiError) || error.code !== streamNotFound) throw error;
    }
  }

  async #find(): Promise<StreamInfo | undefined> {
    try {
      return await this.#ask(this.#manager.streams.info(this.name));
    } catch (error) {
      if (error instanceof JetStreamApiError && error.code === streamNotFound) return undefined;
      throw error;
    }
  }

  async #make(config: StreamConfig): Promise<StreamInfo> {
    try {
      return await this.#ask(this.#manager.streams.add(config));
    } catch (error) {
      // Somebody else was first, and made it otherwise: which tells.
      const found =
        error instanceof JetStreamApiError && error.code === streamNameInUse ? await this.#find() : undefined;
      if (found === undefined) throw error;
      return found;
    }
  }

  #config(): StreamConfig {
    const { capacity, dropsOldest, window, storage, replicas, codec } = this.settings;
    return {
      name: this.name,
      subjects: [this.subject],
      retention: 'workqueue',
      max_msgs: capacity === Infinity ? -1 : capacity,
      max_bytes: -1,
      discard: dropsOldest ? 'old' : 'new',
      storage,
      num_replicas: replicas,
      duplicate_window: window * nanos,
      allow_atomic: true,
      metadata: { [codecOf]: codec.name },
    } as unknown as StreamConfig;
  }

  /** What the server answers, its refusals with their cure. */
  async #ask<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      throw refusalOf(error);
    }
  }
}

/** What would cure it, where that is known. */
export function refusalOf(error: unknown): unknown {
  const violation = violationOf(error);
  if (violation !== undefined) return notPermitted(violation);
  return (error as Error).name === 'JetStreamNotEnabled' ? noJetStream(error) : error;
}

/** Whether it may go otherwise when it is asked again. */
export function mayPass(error: unknown): boolean {
  if (violationOf(error) !== undefined) return false;
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof JetStreamApiError) return at.status >= 500;
    if (passing.has(at.name) || /disconnect/i.test(at.message)) return true;
  }
  return false;
}

function differencesOf(wanted: StreamConfig, made: StreamConfig): string[] {
  const tell = (config: StreamConfig): Record<string, unknown> => ({
    'its retention': config.retention,
    'its subjects': config.subjects?.join(' '),
    capacity: config.max_msgs === -1 ? Infinity : config.max_msgs,
    'its max_bytes': config.max_bytes,
    overflow: config.discard === 'old' ? 'drop-oldest' : 'wait',
    storage: config.storage,
    replicas: config.num_replicas,
    window: (config.duplicate_window ?? 0) / nanos,
    codec: config.metadata?.[codecOf] ?? 'none of millrace',
  });
  const [here, there] = [tell(wanted), tell(made)];
  // Without a bound nothing is discarded either way.
  if (wanted.max_msgs === -1) there['overflow'] = here['overflow'];
  return Object.keys(here)
    .filter((key) => here[key] !== there[key])
    .map((key) => `${key} is ${String(there[key])}, not ${String(here[key])}`);
}

function endOf(metadata: Record<string, string>): { failure?: unknown } {
  const told = metadata[failure];
  return told === undefined ? {} : { failure: decodeError(Buffer.from(told, 'base64')) };
}

function describe(error: unknown): string {
  const whole = Buffer.from(encodeError(error)).toString('base64');
  if (whole.length <= longestFailure) return whole;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return Buffer.from(encodeError(new Error(text.slice(0, 10_000)))).toString('base64');
}
