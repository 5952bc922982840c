/** The newest value, kept by a NATS server: a bucket of one key, with a history of one. */
import type { KV, KvOptions } from '@nats-io/kv';
import type { NatsConnection, NodeConnectionOptions, QueuedIterator } from '@nats-io/transport-node';

import type { BytesLike } from '../border/bytes.js';
import type { Carried } from '../channel.js';
import { type Codec, type WireCodec, readCodec } from '../codecs/codec.js';
import { ChannelStateError } from '../errors/errors.js';
import { outOfRange, readKeys, wrongType, wrongValue } from '../errors/misuse.js';
import { type AnyWait, type TimedWait, type Wait, readWait } from '../event-loop/wait-options.js';
import { type Link, open } from './link.js';
import { NewestValue } from './newest-value.js';
import { readName } from './options.js';
import { decodeAlone, encodeAlone } from './payload.js';
import { Pause } from './pause.js';
import { Kvm, jetstreamManager } from './peers.js';
import { tooLong } from './refusals.js';
import { mayPass, refusalOf } from './stream.js';
import { within } from './within.js';

const key = 'value';

/**
 * What {@link natsWatch} can be made with, beside its `codec`.
 *
 * @example
 * ```ts needs=nats
 * import { natsWatch, type NatsWatchOptions } from 'millrace/nats';
 *
 * const options: NatsWatchOptions = { storage: 'memory' };
 * const level = await natsWatch({ servers: process.env['NATS_URL']! }, 'level', { ...options, codec: 'text' });
 * await level.set('debug');
 * await level.changed();
 * console.log(level.get()); // debug
 * await level.destroy();
 * ```
 */
export interface NatsWatchOptions {
  /** Where the server keeps the value: `'file'`, the default, outlives its restart; `'memory'` does not. */
  storage?: 'file' | 'memory';
  /** On how many servers of a cluster it is kept: 1 to 5, 1 by default. */
  replicas?: number;
}

/**
 * A value that a NATS server keeps: everybody sets it, and everybody sees the newest.
 *
 * @example
 * ```ts needs=nats
 * import { natsWatch, type NatsWatch } from 'millrace/nats';
 *
 * async function follow({ changed, get }: NatsWatch<string, string>) {
 *   await changed();
 *   console.log(get()); // fast
 * }
 * const mode = await natsWatch({ servers: process.env['NATS_URL']! }, 'mode', { codec: 'text' });
 * const following = follow(mode);
 * await mode.set('fast');
 * await following;
 * await mode.destroy();
 * ```
 */
export interface NatsWatch<in In, out Out> extends AsyncIterable<Out> {
  /** The name that it was opened by. */
  readonly name: string;
  /** Resolves when the server has the value. It waits while the server is gone; with a `timeout` it resolves to whether the server has it. */
  readonly set: {
    (value: In, wait?: Wait): Promise<void>;
    (value: In, wait: TimedWait): Promise<boolean>;
    (value: In, wait?: AnyWait): Promise<boolean | void>;
  };
  /** The newest value that has come, and the same object as before while none has; `undefined` before the first. */
  readonly get: () => Out | undefined;
  /** Whether a value has come that `get` has not given yet. */
  readonly hasChanged: boolean;
  /** Resolves when there is a value that `get` has not given yet. */
  readonly changed: {
    (wait?: Wait): Promise<void>;
    (wait: TimedWait): Promise<boolean>;
    (wait?: AnyWait): Promise<boolean | void>;
  };
  /** Stops following the value; the server keeps it. What waits is rejected with `ChannelStateError`. */
  readonly close: () => Promise<void>;
  /** Takes the value away from the server, for everybody, and closes it here. */
  readonly destroy: () => Promise<void>;
  /** As `close`, for `await using`. */
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

type Connection = NatsConnection | NodeConnectionOptions;

/**
 * Opens a value over NATS; the codec decides what is set and what is got.
 *
 * @example
 * ```ts needs=nats
 * import { natsWatch, type OpenNatsWatch } from 'millrace/nats';
 *
 * const openValue: OpenNatsWatch = natsWatch;
 * const count = await openValue({ servers: process.env['NATS_URL']! }, 'count', { codec: 'f64' });
 * await count.set(1);
 * for await (const value of count) {
 *   console.log(value); // 1
 *   break;
 * }
 * await count.destroy();
 * ```
 */
export interface OpenNatsWatch {
  (
    connection: Connection,
    name: string,
    options?: NatsWatchOptions & { codec?: 'bytes' },
  ): Promise<NatsWatch<BytesLike, Uint8Array<ArrayBuffer>>>;
  (
    connection: Connection,
    name: string,
    options: NatsWatchOptions & { codec: 'buffer' },
  ): Promise<NatsWatch<BytesLike, Buffer>>;
  (
    connection: Connection,
    name: string,
    options: NatsWatchOptions & { codec: 'text' },
  ): Promise<NatsWatch<string, string>>;
  (
    connection: Connection,
    name: string,
    options: NatsWatchOptions & { codec: 'f64' },
  ): Promise<NatsWatch<number, number>>;
  (
    connection: Connection,
    name: string,
    options: NatsWatchOptions & { codec: 'json' | 'structured' },
  ): Promise<NatsWatch<unknown, unknown>>;
  <T extends Carried>(
    connection: Connection,
    name: string,
    options: NatsWatchOptions & { codec: 'json' | 'structured' },
  ): Promise<NatsWatch<T, T>>;
  <In extends Carried, Out extends Carried>(
    connection: Connection,
    name: string,
    options: NatsWatchOptions & { codec: Codec<In, Out> },
  ): Promise<NatsWatch<In, Out>>;
}

/**
 * Opens a value that a NATS server keeps, the newest for every reader on whatever machine: a bucket of its key-value
 * store, with a history of one, which is made where it is not there. As `watch` in one process, but that `set` is awaited,
 * and that nobody is told when the writers have gone.
 *
 * Rejects as {@link natsChannel} does.
 *
 * @example
 * ```ts needs=nats
 * import { natsWatch } from 'millrace/nats';
 *
 * const servers = process.env['NATS_URL']!;
 * const limits = await natsWatch<{ jobs: number }>({ servers }, 'limits', { codec: 'json' });
 * await limits.set({ jobs: 4 });
 * await limits.changed();
 * console.log(limits.get()?.jobs, limits.hasChanged); // 4 false
 * await limits.destroy();
 * ```
 */
export const natsWatch = async function natsWatch(connection: unknown, name: unknown, options?: unknown) {
  const label = readName(name);
  const {
    codec,
    storage = 'file',
    replicas = 1,
  } = readKeys('options', options, ['codec', 'storage', 'replicas']);
  const wire = readCodec(codec);
  if (storage !== 'file' && storage !== 'memory') {
    throw (typeof storage === 'string' ? wrongValue : wrongType)(
      'options.storage',
      "'file' or 'memory'",
      storage,
    );
  }
  if (typeof replicas !== 'number') throw wrongType('options.replicas', 'a number', replicas);
  if (!Number.isInteger(replicas) || replicas < 1 || replicas > 5) {
    throw outOfRange('options.replicas', 'an integer, 1 to 5', replicas);
  }
  const link = await open(connection);
  try {
    return await link.whileUp(async () => {
      await jetstreamManager(link.connection);
      const made: Partial<KvOptions> = { history: 1, storage, replicas };
      const bucket = await new Kvm(link.connection).create(`millrace_${label}`, made);
      return new Opened(link, label, wire, bucket, await bucket.watch({ key }));
    });
  } catch (error) {
    if (link.isOurs) await link.connection.close();
    throw refusalOf(error);
  }
} as OpenNatsWatch;

class Opened implements NatsWatch<unknown, unknown> {
  readonly #link: Link;
  readonly #codec: WireCodec;
  readonly #bucket: KV;
  readonly #followed: QueuedIterator<{ readonly value: Uint8Array; readonly operation: string }>;
  readonly #newest = new NewestValue();
  #closing: Promise<void> | undefined;

  constructor(
    link: Link,
    readonly name: string,
    codec: WireCodec,
    bucket: KV,
    followed: QueuedIterator<{ readonly value: Uint8Array; readonly operation: string }>,
  ) {
    this.#link = link;
    this.#codec = codec;
    this.#bucket = bucket;
    this.#followed = followed;
    void this.#follow();
  }

  get hasChanged(): boolean {
    return this.#newest.hasChanged;
  }

  readonly set = (async (value: unknown, wait?: unknown) => {
    const options = readWait(wait);
    this.#mustBeOpen();
    const bytes = encodeAlone(this.#codec, value);
    if (bytes.length > this.#link.maxPayload) throw tooLong(bytes.length, this.#link.maxPayload);
    const pause = new Pause(10, 1000);
    const isSet = await within(options, async (isOver) => {
      for (;;) {
        this.#mustBeOpen();
        if (this.#link.isUp && (await this.#put(bytes))) return true;
        if (isOver()) return false;
        await pause.pass();
      }
    });
    return options.timed ? isSet : undefined;
  }) as NatsWatch<unknown, unknown>['set'];

  readonly get = (): unknown => this.#newest.get((bytes) => decodeAlone(this.#codec, bytes));

  readonly changed = (async (wait?: unknown) => {
    const options = readWait(wait);
    this.#mustBeOpen();
    const hasChanged = await this.#newest.changed(options);
    return options.timed ? hasChanged : undefined;
  }) as NatsWatch<unknown, unknown>['changed'];

  async *[Symbol.asyncIterator](): AsyncGenerator<unknown, void, undefined> {
    while (this.#closing === undefined) {
      try {
        await this.changed();
      } catch (error) {
        if (this.#closing !== undefined) return;
        throw error;
      }
      yield this.get();
    }
  }

  readonly close = (): Promise<void> => (this.#closing ??= this.#close());

  readonly destroy = async (): Promise<void> => {
    this.#mustBeOpen();
    await this.#bucket.destroy();
    await this.close();
  };

  readonly [Symbol.asyncDispose] = (): Promise<void> => this.close();

  async #close(): Promise<void> {
    this.#followed.stop();
    this.#newest.close(this.#closedError());
    if (this.#link.isOurs) await this.#link.connection.close();
  }

  /** Whether the server has it; false: nobody has answered. */
  async #put(bytes: Uint8Array): Promise<boolean> {
    try {
      await this.#bucket.put(key, bytes);
      return true;
    } catch (error) {
      this.#link.mustBeOpen();
      if (!mayPass(error)) throw refusalOf(error);
      return false;
    }
  }

  async #follow(): Promise<void> {
    for await (const { value, operation } of this.#followed) {
      if (operation === 'PUT') this.#newest.came(value);
    }
  }

  #closedError(): ChannelStateError {
    return new ChannelStateError(`the value '${this.name}' was closed in this process: open it anew`);
  }

  #mustBeOpen(): void {
    if (this.#closing !== undefined) throw this.#closedError();
    this.#link.mustBeOpen();
  }
}
