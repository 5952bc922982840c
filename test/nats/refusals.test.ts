// What a server refuses, and what cannot be honoured: an error each, which says what to do.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { connect } from '@nats-io/transport-node';
import { jetstreamManager } from '@nats-io/jetstream';
import { ChannelClosedError, ChannelStateError } from 'millrace';
import { natsChannel, type NatsOptions } from 'millrace/nats';
import { describe, expect, test } from 'vitest';

import { candidate } from '../../dist/loader/loader.js';
import { rejection } from '../pipe/rejection';
import { program, rig } from './rig';
import { startServer } from './server.mjs';

const text = { capacity: 4, codec: 'text' } as const;

test('where the peers are missing the error says what installs them, and millrace itself loads', () => {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'millrace-nats-peers-'));
  try {
    const home = join(folder, 'node_modules', 'millrace');
    mkdirSync(home, { recursive: true });
    for (const part of ['dist', 'package.json']) cpSync(part, join(home, part), { recursive: true });
    const run = (program: string) =>
      execFileSync(process.execPath, ['-e', program], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, MILLRACE_BINARY: candidate.path },
      });
    // By require: Node 20 ends a process that has caught what a CommonJS module throws when it is imported.
    const told = run(
      "try { require('millrace/nats') } catch (error) { console.log(error.code, error.cure, error.message) }",
    );
    const cure = 'npm install @nats-io/transport-node @nats-io/jetstream @nats-io/kv';
    expect(told).toMatch(`ERR_CHANNEL_LOAD ${cure} millrace/nats needs the package`);
    expect(told.trimEnd().endsWith(cure)).toBe(true);
    expect(run("console.log(typeof require('millrace').pipe)")).toBe('function\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('millrace alone loads none of the peers', () => {
  const script =
    "require('millrace'); console.log(Object.keys(require.cache).filter((path) => path.includes('@nats-io') || /dist.nats/.test(path)).length)";
  expect(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })).toBe('0\n');
});

test('a server that is not there', async () => {
  const error = await rejection(natsChannel({ servers: '127.0.0.1:1', reconnect: false }, 'jobs', text));
  expect(error).toBeInstanceOf(ChannelStateError);
  expect((error as Error).message).toMatch(
    /no NATS server answers at 127\.0\.0\.1:1 .*start one, or correct/,
  );
});

test('a server that is too old', async () => {
  const old = createServer((socket) => {
    const info = {
      server_id: 'X',
      version: '2.9.25',
      proto: 1,
      max_payload: 1_048_576,
      headers: true,
      jetstream: true,
    };
    socket.write(`INFO ${JSON.stringify(info)}\r\n`);
    socket.on('data', (data) => {
      if (data.includes('PING')) socket.write('PONG\r\n');
    });
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => old.listen(0, '127.0.0.1', resolve));
  const { port } = old.address() as AddressInfo;
  const error = await rejection(natsChannel({ servers: `127.0.0.1:${port}` }, 'jobs', text));
  expect(error).toBeInstanceOf(ChannelStateError);
  expect((error as Error).message).toMatch(
    'it is 2.9.25, and channels need 2.10 or newer. Update the server',
  );
  old.close();
});

describe.skipIf(program === undefined)('a server', () => {
  const here = rig();

  test('that does not let us in', async () => {
    const server = await startServer(program!, 'authorization { user: miller, password: right }\n');
    const { url } = server;
    const error = await rejection(natsChannel({ servers: url, user: 'miller', pass: 'wrong' }, 'jobs', text));
    await server.stop();
    expect(error).toBeInstanceOf(ChannelStateError);
    expect((error as Error).message).toMatch(/does not let us in .*check user and password/);
  });

  test('without JetStream', async () => {
    const server = await startServer(program!, '# nothing\n');
    const error = await rejection(natsChannel({ servers: server.url }, 'jobs', text));
    await server.stop();
    expect(error).toBeInstanceOf(ChannelStateError);
    expect((error as Error).message).toMatch(/no JetStream .*nats-server -js/);
  });

  test('that permits too little', async () => {
    const store = mkdtempSync(join(tmpdir(), 'millrace-permits-'));
    const server = await startServer(
      program!,
      `jetstream { store_dir: ${JSON.stringify(store)} }
      authorization { users: [
        { user: all, password: x },
        { user: reads, password: x, permissions: { publish: { deny: ["millrace.>"] }, subscribe: ">" } },
        { user: nothing, password: x, permissions: { publish: { deny: ["$JS.API.>"] }, subscribe: ">" } }
      ] }\n`,
    );
    const as = (user: string) => ({ servers: server.url, user, pass: 'x' });
    const jobs = await natsChannel(as('all'), 'permits', text);
    const reading = await natsChannel(as('reads'), 'permits', text);
    const errors = [
      await rejection(reading.sender().send('x')),
      await rejection(natsChannel(as('nothing'), 'permits', text)),
    ];
    await reading.close();
    await jobs.destroy();
    await server.stop();
    rmSync(store, { recursive: true });
    for (const error of errors) {
      expect(error).toBeInstanceOf(ChannelStateError);
      expect((error as Error).message).toMatch(/does not permit it .*let the user publish to 'millrace\.>'/);
    }
  });

  test.each<[string, NatsOptions & { codec?: 'text' | 'bytes' }, string]>([
    ['capacity', { capacity: 5, codec: 'text' }, 'capacity is 4, not 5'],
    ['codec', { capacity: 4 }, 'codec is text, not bytes'],
    ['overflow', { ...text, overflow: 'drop-oldest' }, 'overflow is wait, not drop-oldest'],
    ['window', { ...text, window: 500 }, 'window is 120000, not 500'],
    ['storage', { ...text, storage: 'memory' }, 'storage is file, not memory'],
    ['ackWait', { ...text, ackWait: 1000 }, 'ackWait is 30000, not 1000'],
  ])('with a channel of another %s', async (_, options, difference) => {
    const name = here.name();
    here.kept(await natsChannel(here.connection, name, text));
    const error = await rejection(natsChannel(here.connection, name, options as never));
    expect(error).toBeInstanceOf(ChannelStateError);
    expect((error as Error).message).toMatch(
      `is there, and was made otherwise: ${difference}. Open it as it was made`,
    );
  });

  test('with a stream of that name that is none of ours', async () => {
    const name = here.name();
    const manager = await jetstreamManager(here.connection);
    await manager.streams.add({
      name: `millrace_${name}`,
      subjects: [`millrace.${name}`],
      max_bytes: 1000,
      max_msgs: 4,
    });
    const error = await rejection(natsChannel(here.connection, name, text));
    await manager.streams.delete(`millrace_${name}`);
    expect((error as Error).message).toMatch(
      /its retention is limits, not workqueue; its max_bytes is 1000, not -1/,
    );
  });

  test('that takes no message so long', async () => {
    const jobs = here.kept(await natsChannel(here.connection, here.name(), { capacity: 4 }));
    const [tx, rx] = [jobs.sender(), jobs.receiver()];
    const error = await rejection(tx.send(new Uint8Array(1_048_577)));
    expect(error).toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
    expect((error as Error).message).toMatch(/up to 1048320 bytes.*raise `max_payload`/);
    await tx.send(new Uint8Array(1_048_320));
    expect((await rx.recv()).length).toBe(1_048_320);
  });

  test('whose stream was taken away closes the channel for both sides, and says so', async () => {
    const name = here.name();
    const jobs = await natsChannel(here.connection, name, text);
    const other = await natsChannel(here.connection, name, text);
    const received = rejection(jobs.receiver().recv());
    await other.destroy();
    for (const error of [await received, await rejection(jobs.sender().send('x'))]) {
      expect(error).toBeInstanceOf(ChannelClosedError);
      expect((error as Error).message).toMatch('its stream was taken away from the server. Open it anew');
    }
    await jobs.close();
  });

  test('whose connection is closed', async () => {
    const connection = await connect({ servers: here.server.url });
    const jobs = here.kept(await natsChannel(here.connection, here.name(), text));
    const gone = await natsChannel(connection, jobs.name, text);
    const [tx, rx] = [gone.sender(), gone.receiver()];
    const received = rejection(rx.recv());
    await connection.close();
    for (const error of [await received, await rejection(tx.send('x')), await rejection(rx.recv())]) {
      expect(error).toBeInstanceOf(ChannelStateError);
      expect((error as Error).message).toMatch('the connection to the NATS server is closed');
    }
    await gone.close();
    expect(await rejection(natsChannel(connection, jobs.name, text))).toBeInstanceOf(ChannelStateError);
  });

  test('a channel that was closed here gives no ends, and rejects what waits', async () => {
    const jobs = await natsChannel({ servers: here.server.url }, here.name(), { capacity: 1, codec: 'text' });
    const [tx, rx] = [jobs.sender(), jobs.receiver()];
    await tx.send('one');
    const sent = rejection(tx.send('two'));
    expect(await tx.send('three', { timeout: 5 })).toBe(false);
    await jobs.close();
    expect(await sent).toBeInstanceOf(ChannelStateError);
    expect(await rejection(rx.recv())).toBeInstanceOf(ChannelStateError);
    expect(() => jobs.sender()).toThrow(ChannelStateError);
    const again = here.kept(await natsChannel(here.connection, jobs.name, { capacity: 1, codec: 'text' }));
    expect(await again.receiver().recv()).toBe('one');
  });
});

const sender = { send() {} };
test.each<[unknown, unknown, unknown, string]>([
  [undefined, 'jobs', text, 'ERR_INVALID_ARG_TYPE'],
  ['127.0.0.1', 'jobs', text, 'ERR_INVALID_ARG_TYPE'],
  [{}, 5, text, 'ERR_INVALID_ARG_TYPE'],
  [{}, 'a.b', text, 'ERR_INVALID_ARG_VALUE'],
  [{}, '', text, 'ERR_INVALID_ARG_VALUE'],
  [{}, 'jobs', undefined, 'ERR_INVALID_ARG_TYPE'],
  [{}, 'jobs', {}, 'ERR_INVALID_ARG_TYPE'],
  [{}, 'jobs', { capacity: 0 }, 'ERR_OUT_OF_RANGE'],
  [{}, 'jobs', { capacity: 1.5 }, 'ERR_OUT_OF_RANGE'],
  [{}, 'jobs', { ...text, overflow: 'drop-newest' }, 'ERR_INVALID_ARG_VALUE'],
  [{}, 'jobs', { ...text, ack: true, overflow: 'drop-oldest' }, 'ERR_INVALID_ARG_VALUE'],
  [{}, 'jobs', { ...text, ack: 1 }, 'ERR_INVALID_ARG_TYPE'],
  [{}, 'jobs', { ...text, maxAttempts: 2 }, 'ERR_INVALID_ARG_VALUE'],
  [{}, 'jobs', { ...text, ack: true, maxAttempts: 0 }, 'ERR_OUT_OF_RANGE'],
  [{}, 'jobs', { ...text, ack: true, deadLetter: sender }, 'ERR_INVALID_ARG_VALUE'],
  [{}, 'jobs', { ...text, ack: true, maxAttempts: 2, deadLetter: {} }, 'ERR_INVALID_ARG_TYPE'],
  [{}, 'jobs', { ...text, ackWait: 10 }, 'ERR_OUT_OF_RANGE'],
  [{}, 'jobs', { ...text, window: 10 }, 'ERR_OUT_OF_RANGE'],
  [{}, 'jobs', { ...text, replicas: 6 }, 'ERR_OUT_OF_RANGE'],
  [{}, 'jobs', { ...text, storage: 'disk' }, 'ERR_INVALID_ARG_VALUE'],
  [{}, 'jobs', { ...text, codec: 'yaml' }, 'ERR_INVALID_ARG_VALUE'],
  [{}, 'jobs', { ...text, maxBytes: 5 }, 'ERR_INVALID_ARG_VALUE'],
])('misuse %# is refused before anything is asked of a server', async (connection, name, options, code) => {
  const error = await rejection(natsChannel(connection as never, name as never, options as never));
  expect(error).toMatchObject({ code });
});
