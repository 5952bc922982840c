// The laws of the awaiting verbs over channels that a NATS server keeps: the same table as over the channels of this process.
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { jetstreamManager } from '@nats-io/jetstream';
import { natsChannel, type NatsChannel, type NatsOptions } from 'millrace/nats';
import { afterAll, afterEach, beforeAll, describe, test } from 'vitest';

import { type AwaitingRow, everywhere, whereFull } from '../laws/awaiting';
import { findServer, type NatsServer, startServer } from './server.mjs';

const path = findServer();
let server: NatsServer;
let connection: NatsConnection;
const opened: NatsChannel<number, number>[] = [];
let count = 0;

beforeAll(async () => {
  if (path === undefined) return;
  server = await startServer(path);
  connection = await connect({ servers: server.url });
});
afterEach(async () => {
  for (const channel of opened.splice(0)) await channel.destroy();
});
afterAll(async () => {
  await connection?.close();
  await server?.stop();
});

function row(
  name: string,
  options: NatsOptions,
  before?: (name: string, capacity: number) => Promise<void>,
): AwaitingRow {
  return {
    name,
    capacity: options.capacity,
    async open() {
      count += 1;
      await before?.(`law-${count}`, options.capacity);
      const channel = await natsChannel(connection, `law-${count}`, { ...options, codec: 'f64' });
      opened.push(channel);
      return { tx: channel.sender(), rx: channel.receiver(), receiver: channel.receiver };
    },
  };
}

/** A channel of a server that does not take many messages as one, as those before 2.12. */
async function withoutBatches(name: string, capacity: number): Promise<void> {
  const manager = await jetstreamManager(connection);
  await manager.streams.add({
    name: `millrace_${name}`,
    subjects: [`millrace.${name}`],
    retention: 'workqueue',
    max_msgs: capacity,
    discard: 'new',
    storage: 'memory',
    duplicate_window: 120_000_000_000,
    metadata: { 'millrace-codec': 'f64' },
  });
}

const rows = [
  row('a capacity of 1', { capacity: 1, storage: 'memory' }),
  row('a capacity of 16', { capacity: 16 }),
  row('a capacity of 12, where messages go one by one', { capacity: 12, storage: 'memory' }, withoutBatches),
  row('no bound', { capacity: Infinity, storage: 'memory' }),
];

describe.skipIf(path === undefined).each(rows)('$name', (row) => {
  for (const [sentence, law] of Object.entries(everywhere)) test(sentence, () => law(row));
  if (row.capacity === Infinity) return;
  for (const [sentence, law] of Object.entries(whereFull)) test(sentence, () => law(row));
});
