/** A connection to a server, as channels see it: up, down for now, or closed for good. */
import type { NatsConnection, NodeConnectionOptions, ServerInfo } from '@nats-io/transport-node';

import { readKeys, wrongType } from '../errors/misuse.js';
import { connect } from './peers.js';
import { connectionClosed, mustBeNewEnough, notLetIn, notReached } from './refusals.js';

export class Link {
  #up: boolean;
  /** How often the connection was lost. */
  #losses = 0;
  #closed: { readonly cause: Error | undefined } | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(
    readonly connection: NatsConnection,
    /** Whether it was made here, and is closed with its channel. */
    readonly isOurs: boolean,
  ) {
    // While a client connects anew it knows no server.
    this.#up = connection.info !== undefined;
    void this.#follow();
    void connection.closed().then((error) => {
      this.#closed = { cause: error instanceof Error ? error : undefined };
      this.#set(false);
    });
  }

  get isUp(): boolean {
    return this.#up;
  }

  /** Throws where the connection is closed for good. */
  mustBeOpen(): void {
    if (this.#closed === undefined && !this.connection.isClosed()) return;
    throw connectionClosed(this.#closed?.cause);
  }

  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  /** The longest payload that the server takes, headers included. */
  get maxPayload(): number {
    return this.connection.info?.max_payload ?? Infinity;
  }

  /** `changed` is called when the connection is lost, is back, or is closed, until `leave` is called with it. */
  follow(changed: () => void): void {
    this.#listeners.add(changed);
  }

  leave(changed: () => void): void {
    this.#listeners.delete(changed);
  }

  /** Does `work` while the server is there: again, where the connection was lost meanwhile. */
  async whileUp<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      await this.#whenUp();
      const losses = this.#losses;
      try {
        return await work();
      } catch (error) {
        this.mustBeOpen();
        if (losses === this.#losses) throw error;
      }
    }
  }

  async #whenUp(): Promise<void> {
    while (!this.#up) {
      this.mustBeOpen();
      await new Promise<void>((resolve) => {
        const changed = () => {
          this.leave(changed);
          resolve();
        };
        this.follow(changed);
      });
    }
  }

  async #follow(): Promise<void> {
    for await (const { type } of this.connection.status()) {
      if (type === 'disconnect') this.#set(false);
      if (type === 'reconnect') this.#set(true);
    }
  }

  #set(up: boolean): void {
    this.#up = up;
    if (!up) this.#losses += 1;
    for (const listener of this.#listeners) listener();
  }
}

const links = new WeakMap<NatsConnection, Link>();

/** A link over the caller's connection, or over one that is made with the caller's options. */
export async function open(connection: unknown): Promise<Link> {
  if (typeof connection !== 'object' || connection === null) {
    throw wrongType('connection', 'a NatsConnection, or options to connect with', connection);
  }
  const link = isConnection(connection) ? adopt(connection) : new Link(await dial(connection), true);
  link.mustBeOpen();
  try {
    await link.whileUp(async () => mustBeNewEnough((link.connection.info as ServerInfo).version));
  } catch (error) {
    if (link.isOurs) await link.connection.close();
    throw error;
  }
  return link;
}

function isConnection(value: object): value is NatsConnection {
  return typeof (value as Partial<NatsConnection>).publish === 'function';
}

function adopt(connection: NatsConnection): Link {
  const link = links.get(connection) ?? new Link(connection, false);
  links.set(connection, link);
  return link;
}

async function dial(options: NodeConnectionOptions): Promise<NatsConnection> {
  if (Array.isArray(options)) readKeys('connection', options, []);
  try {
    return await connect({ maxReconnectAttempts: -1, ...options });
  } catch (error) {
    const cause = error as Error;
    if (cause.name === 'AuthorizationError') throw notLetIn(cause);
    if (cause.name === 'InvalidArgumentError')
      throw wrongType('connection', `valid: ${cause.message}`, options);
    throw notReached(String(options.servers ?? '127.0.0.1:4222'), cause);
  }
}
