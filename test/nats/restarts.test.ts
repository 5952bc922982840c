// A server that is killed and started again, and processes that are killed: nothing that was accepted is lost.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, type Socket, connect as connectTo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

import { jetstreamManager } from '@nats-io/jetstream';
import { natsChannel } from 'millrace/nats';
import { afterEach, describe, expect, test } from 'vitest';

import { fullLength } from '../full-length';
import { rejection } from '../pipe/rejection';
import { program, rig } from './rig';
import { seeded } from './seeded';

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}.mjs`, import.meta.url));
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

function start(name: string, given: object): ChildProcess {
  const child = fork(fixture(name), [JSON.stringify(given)]);
  started.push(child);
  return child;
}

/** What a process says of this from now on, once. */
function said<T>(child: ChildProcess, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`it ended with ${code}, before '${what}'`));
    const listen = (message: Record<string, T>) => {
      if (!(what in message)) return;
      child.off('message', listen);
      child.off('exit', ended);
      resolve(message[what]!);
    };
    child.on('message', listen);
    child.on('exit', ended);
  });
}

/** A way to the server on which answers are lost while it is deaf. */
async function deafWay(port: number) {
  const sockets = new Set<Socket>();
  const way = {
    isDeaf: false,
    url: '',
    cut: () => sockets.forEach((socket) => socket.destroy()),
    close: () => void listener.close(),
  };
  const listener = createServer((near) => {
    const far = connectTo(port, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      const isHeard = () => socket === near || !way.isDeaf;
      socket.on('data', (bytes) => isHeard() && other.write(bytes));
      socket.on('error', () => {});
      // The end of a server that cannot be heard is not heard either.
      socket.on('close', () => isHeard() && other.destroy());
    }
  });
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  way.url = `127.0.0.1:${(listener.address() as AddressInfo).port}`;
  return way;
}

const upTo = (count: number) => Array.from({ length: count }, (_, number) => number);

describe.skipIf(program === undefined)('a server that is killed', () => {
  const here = rig();
  const messages = fullLength(100_000, 4000);
  const kills = fullLength(12, 3);
  const [senders, receivers] = [4, 4];

  /** Has processes send all messages, while the server is killed and started again at random moments. */
  async function sendWhileKilled(given: object, seed: number): Promise<void> {
    const share = messages / senders;
    const senderChildren = upTo(senders).map((index) =>
      start('sender', { ...given, first: index * share, count: share }),
    );
    await Promise.all(senderChildren.map((child) => said(child, 'ready')));
    const sent = upTo(senders).map(() => 0);
    const random = seeded(seed);
    const at = upTo(kills).map((kill) => Math.floor(((kill + random()) / (kills + 1)) * messages));
    let killing = Promise.resolve();
    const kill = async () => {
      await here.server.kill();
      await here.server.run();
    };
    const sending = upTo(senders).map(async (index) => {
      const child = senderChildren[index]!;
      child.on('message', (message: { sent?: number }) => {
        sent[index] = message.sent ?? sent[index]!;
        const all = sent.reduce((sum, count) => sum + count);
        while (at.length > 0 && at[0]! <= all) {
          at.shift();
          killing = killing.then(kill);
        }
      });
      child.send('go');
      await said(child, 'done');
    });
    await Promise.all(sending);
    await killing;
    expect(at).toEqual([]);
  }

  test.each([false, true])(
    'and started again at random loses nothing of 4 senders and 4 receivers: leases %s',
    async (ack) => {
      const options = { capacity: 2000, codec: 'f64', ackWait: 1500, ...(ack ? { ack } : {}) } as const;
      const jobs = here.kept(
        await natsChannel(here.connection, here.name(), options as { capacity: number; codec: 'f64' }),
      );
      const given = { servers: here.server.url, name: jobs.name, options };
      const receiving = upTo(receivers).map(() => start('receiver', given));
      await Promise.all(receiving.map((child) => said(child, 'ready')));
      const results = receiving.map((child) => said<number[]>(child, 'values'));
      await sendWhileKilled(given, ack ? 7 : 11);
      await jobs.sender().end();
      const received = (await Promise.all(results)).flat();
      const distinct = new Set(received);
      expect(distinct.size).toBe(messages);
      const manager = await jetstreamManager(here.connection);
      const { state } = await manager.streams.info(`millrace_${jobs.name}`);
      // The server numbers what it stores. What was taken and acknowledged before a kill it knows no more, and stores
      // once more where the answer to its send was lost.
      const storedTwice = state.last_seq - messages;
      const twice = received.length - messages;
      console.log(
        `${messages} messages, ${kills} kills: ${twice} were received twice, ${storedTwice} of them stored twice`,
      );
      expect(storedTwice).toBeLessThanOrEqual(twice);
      // Less than what was on its way at each kill: a batch a receiver.
      expect(twice).toBeLessThanOrEqual(kills * receivers * 50);
    },
    1_800_000,
  );

  test('knows again by its message id, inside the window, what still lies there: nothing whose answer was lost is stored twice', async () => {
    const way = await deafWay(here.server.port);
    const options = { capacity: 100, codec: 'f64' } as const;
    const jobs = here.kept(await natsChannel(here.connection, here.name(), options));
    const far = await natsChannel({ servers: way.url, reconnectTimeWait: 20 }, jobs.name, options);
    await far.sender().sendMany(upTo(20));
    way.isDeaf = true;
    const sending = Promise.all([
      ...upTo(10).map((index) => far.sender().send(20 + index)),
      far.sender().sendMany(upTo(30).map((index) => 30 + index)),
    ]);
    const manager = await jetstreamManager(here.connection);
    const stored = async () => (await manager.streams.info(`millrace_${jobs.name}`)).state.last_seq;
    while ((await stored()) < 60);
    await here.server.kill();
    await here.server.run();
    way.isDeaf = false;
    way.cut();
    await sending;
    expect(await stored()).toBe(60);
    await far.sender().end();
    const received: number[] = [];
    for await (const values of jobs.receiver().batches(100)) received.push(...values);
    expect(received.sort((one, other) => one - other)).toEqual(upTo(60));
    await far.close();
    way.close();
  });

  test('holds up sends and receives within their own timeouts and signals, and they go on when it is back', async () => {
    const jobs = here.kept(await natsChannel(here.connection, here.name(), { capacity: 8, codec: 'text' }));
    const [tx, rx, waiting] = [jobs.sender(), jobs.receiver(), jobs.receiver()];
    const received = waiting.recv();
    await here.server.kill();
    const abort = new AbortController();
    const aborted = [tx.send('aborted', { signal: abort.signal }), rx.recv({ signal: abort.signal })].map(
      rejection,
    );
    const sent = tx.send('one');
    expect(await tx.send('timed', { timeout: 30 })).toBe(false);
    expect(await tx.send('once', { timeout: 0 })).toBe(false);
    expect(await rx.recv({ timeout: 30 })).toBeUndefined();
    expect(await rx.recv({ timeout: 0 })).toBeUndefined();
    expect(await tx.drained({ timeout: 30 })).toBe(false);
    abort.abort();
    for (const reason of await Promise.all(aborted)) expect(reason).toBe(abort.signal.reason);
    await here.server.run();
    await sent;
    expect(await received).toBe('one');
    await tx.drained();
    tx.end();
    for await (const more of rx) expect(more).toBeUndefined();
  });

  test('is told of the end when it is back, and so are receivers', async () => {
    const jobs = here.kept(await natsChannel(here.connection, here.name(), { capacity: 8, codec: 'text' }));
    const [tx, rx] = [jobs.sender(), jobs.receiver()];
    await tx.send('one');
    expect(await rx.recv()).toBe('one');
    const received = rejection(rx.recv());
    await here.server.kill();
    tx.fail(new RangeError('the disk is full'));
    await here.server.run();
    expect(await received).toMatchObject({
      code: 'ERR_CHANNEL_FAILED',
      cause: { message: 'the disk is full' },
    });
  });

  test('a pipe between two channels that is killed again and again loses nothing', async () => {
    const near = { capacity: 1000, codec: 'f64', ack: true, ackWait: 1000 } as const;
    const far = { capacity: 1000, codec: 'f64' } as const;
    const count = fullLength(20_000, 1000);
    const source = here.kept(await natsChannel(here.connection, here.name(), near));
    const target = here.kept(await natsChannel(here.connection, here.name(), far));
    const given = { servers: here.server.url, from: source.name, to: target.name, near, far };
    const tx = source.sender();
    const sending = tx.sendMany(upTo(count)).then(() => tx.end());
    const received: number[] = [];
    const receiving = (async () => {
      for await (const values of target.receiver().batches(100)) received.push(...values);
    })();
    const random = seeded(3);
    for (let kill = 0; kill < 3; kill += 1) {
      const passes = 1 + Math.floor(random() * 8);
      // However late it is killed, it has not come to the end.
      const child = start('piper', { ...given, most: passes + 8 });
      const ended = once(child, 'exit');
      for (let left = passes; left > 0; left -= 1) await said(child, 'passed');
      child.kill('SIGKILL');
      await ended;
    }
    await said(start('piper', given), 'done');
    await Promise.all([sending, receiving]);
    expect(new Set(received).size).toBe(count);
  });
});
