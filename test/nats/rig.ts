// What the tests over NATS share: a server for the file, a connection to it, and channels that go with their test.
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { NatsChannel } from 'millrace/nats';
import { afterAll, afterEach, beforeAll } from 'vitest';

import { findServer, type NatsServer, startServer } from './server.mjs';

/** The program; `undefined` where there is none. */
export const program = findServer();

export interface Rig {
  readonly server: NatsServer;
  readonly connection: NatsConnection;
  /** A name that no other channel has. */
  name(): string;
  /** Has the channel go with the test. */
  kept<C extends Pick<NatsChannel<never, unknown>, 'destroy'>>(channel: C): C;
}

/** To be called once, outside of the tests. */
export function rig(): Rig {
  let server: NatsServer | undefined;
  let connection: NatsConnection | undefined;
  let count = 0;
  const opened: Pick<NatsChannel<never, unknown>, 'destroy'>[] = [];
  beforeAll(async () => {
    if (program === undefined) return;
    server = await startServer(program);
    connection = await connect({ servers: server.url, maxReconnectAttempts: -1, reconnectTimeWait: 20 });
  });
  afterEach(async () => {
    for (const channel of opened.splice(0)) await channel.destroy().catch(() => {});
  });
  afterAll(async () => {
    await connection?.close();
    await server?.stop();
  });
  return {
    get server() {
      return server!;
    },
    get connection() {
      return connection!;
    },
    name: () => `test-${(count += 1)}`,
    kept(channel) {
      opened.push(channel);
      return channel;
    },
  };
}
