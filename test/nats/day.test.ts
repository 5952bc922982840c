// A day of many producers, whose server is killed once an hour: everything arrives, and what came twice is counted.
import { connect } from '@nats-io/transport-node';
import { jetstreamManager } from '@nats-io/jetstream';
import { natsChannel } from 'millrace/nats';
import { describe, expect, test } from 'vitest';

import { fullLength } from '../full-length';
import { program, rig } from './rig';
import { seeded } from './seeded';

const producers = fullLength(10_000, 200);
const hours = fullLength(24, 3);
/** How many connections the producers share, as processes would. */
const connections = 8;

describe.skipIf(program === undefined)('a day', () => {
  const here = rig();

  test(`of ${producers} producers and ${hours} hours, with a restart in each, loses nothing`, async () => {
    const random = seeded(2026);
    // A message: whose it is, and which of theirs.
    const options = { capacity: 4000, codec: 'json', ackWait: 1000 } as const;
    const reading = here.kept(await natsChannel<[number, number]>(here.connection, here.name(), options));
    const lines = await Promise.all(
      Array.from({ length: connections }, async () => {
        const line = await connect({
          servers: here.server.url,
          maxReconnectAttempts: -1,
          reconnectTimeWait: 20,
        });
        return { line, channel: await natsChannel<[number, number]>(line, reading.name, options) };
      }),
    );
    const senders = Array.from({ length: producers }, (_, number) =>
      lines[number % connections]!.channel.sender(),
    );
    const sent = senders.map(() => 0);

    let doubles = 0;
    const seen = new Set<string>();
    const newest = senders.map(() => -1);
    let late = 0;
    const readers = [reading.receiver(), reading.receiver()].map(async (rx) => {
      for await (const messages of rx.batches(256)) {
        for (const [producer, number] of messages) {
          const key = `${producer}.${number}`;
          if (seen.has(key)) doubles += 1;
          else if (number < newest[producer]!) late += 1;
          seen.add(key);
          newest[producer] = Math.max(newest[producer]!, number);
        }
      }
    });

    const recoveries: number[] = [];
    const began = performance.now();
    let all = 0;
    for (let hour = 0; hour < hours; hour += 1) {
      const at = Math.floor(random() * producers);
      const sends: Promise<void>[] = [];
      let accepted = () => {};
      let killing: Promise<void> | undefined;
      for (let turn = 0; turn < producers; turn += 1) {
        const producer = Math.floor(random() * producers);
        const number = sent[producer]!;
        sent[producer] = number + 1;
        all += 1;
        sends.push(senders[producer]!.send([producer, number]).then(() => accepted()));
        if (turn === at) {
          killing = (async () => {
            await here.server.kill();
            await here.server.run();
            const up = performance.now();
            await new Promise<void>((resolve) => {
              accepted = resolve;
              void Promise.all(sends).then(() => resolve());
            });
            recoveries.push(performance.now() - up);
          })();
        }
        // The day goes on: timers and sockets have their turn.
        if (turn % 500 === 0) await new Promise(setImmediate);
      }
      await Promise.all([...sends, killing]);
    }
    const seconds = (performance.now() - began) / 1000;
    await lines[0]!.channel.sender().end();
    await Promise.all(readers);

    const { state } = await (
      await jetstreamManager(here.connection)
    ).streams.info(`millrace_${reading.name}`);
    for (const { line, channel } of lines) {
      await channel.close();
      await line.close();
    }
    recoveries.sort((a, b) => a - b);
    console.log(
      `${all} messages of ${producers} producers in ${seconds.toFixed(1)} s with ${hours} restarts; ` +
        `sends went on ${recoveries[Math.floor(hours / 2)]!.toFixed(0)} ms after the server was back (at most ` +
        `${recoveries.at(-1)!.toFixed(0)}); ${doubles} were received twice, ${late} after a later one of the same producer, ` +
        `${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MiB`,
    );
    expect(seen.size).toBe(all);
    // The server numbers what it stores. What was taken and acknowledged before a kill it knows no more, and stores once
    // more where the answer to its send was lost: it is received twice then.
    const storedTwice = state.last_seq - all;
    console.log(`${storedTwice} were stored twice`);
    expect(storedTwice).toBeLessThanOrEqual(doubles);
    expect(doubles).toBeLessThanOrEqual(hours * 256);
  }, 1_800_000);
});
