// spawn() starts a worker with ends, which go if it does.
import { once } from 'node:events';
import type { WorkerOptions } from 'node:worker_threads';
import { bounded, spawn } from 'millrace';
import { afterEach, expect, test } from 'vitest';
import { exitOf, registry, until } from '../threads/handshakes';

const text = { codec: 'text' } as const;
const echo = new URL('fixtures/echo.cjs', import.meta.url);

// Every test closes what it opened, and leaves no ticket.
afterEach(async () => {
  await until(() => registry().environments === 1, 'the worker has left');
  expect(registry()).toMatchObject({ channels: 0, ends: 0, tickets: 0 });
});

test('a spawned worker attaches its ends, and the channels close when it ends', async () => {
  const [sender, requests] = bounded(4, text);
  const [answers, receiver] = bounded(4, text);
  const worker = spawn(echo, { requests, answers }, { name: 'echo' });
  const exited = exitOf(worker);
  await sender.send('hello');
  expect(await receiver.recv()).toBe('echo: hello');
  sender.close();
  await expect(receiver.recv()).rejects.toMatchObject({ code: 'ERR_CHANNEL_CLOSED' });
  expect(await exited).toBe(0);
  receiver.close();
});

test('options reach the worker', async () => {
  const [sender, requests] = bounded(4, text);
  const [answers, receiver] = bounded(4, text);
  spawn(echo, { requests, answers }, { argv: ['shouted'] });
  await sender.send('hello');
  expect(await receiver.recv()).toBe('shouted: hello');
  sender.close();
  await expect(receiver.recv()).rejects.toMatchObject({ code: 'ERR_CHANNEL_CLOSED' });
  receiver.close();
});

test('workerData beside the ends is a TypeError, and spends nothing', () => {
  const [sender, receiver] = bounded(1, text);
  expect(() => spawn(echo, { receiver }, { workerData: 1 })).toThrow(
    expect.objectContaining({ name: 'TypeError', code: expect.stringMatching(/^ERR_INVALID_ARG/) }),
  );
  expect(sender.trySend('still here')).toBe(true);
  expect(receiver.tryRecv()).toBe('still here');
  sender.close();
  receiver.close();
});

test.each(['returns', 'throws', 'exits'])(
  'a worker that %s before attach leaves no channel open',
  async (manner) => {
    const [sender, theirReceiver] = bounded(1, text);
    const [theirSender, receiver] = bounded(1, text);
    sender.trySend('fills it');
    const waits = Promise.allSettled([sender.send('never accepted'), receiver.recv()]);
    const worker = spawn(
      new URL('fixtures/early-end.cjs', import.meta.url),
      { theirReceiver, theirSender },
      { argv: [manner] },
    );
    worker.on('error', () => {});
    await exitOf(worker);
    const codes = (await waits).map(
      (wait) => wait.status === 'rejected' && (wait.reason as { code: string }).code,
    );
    expect(codes).toEqual(['ERR_CHANNEL_CLOSED', 'ERR_CHANNEL_CLOSED']);
    sender.close();
    receiver.close();
  },
);

test('a worker terminated before attach leaves no channel open', async () => {
  const [theirSender, receiver] = bounded(1, text);
  const worker = spawn(
    new URL('fixtures/early-end.cjs', import.meta.url),
    { theirSender },
    { argv: ['stays'] },
  );
  await once(worker, 'message');
  await worker.terminate();
  await expect(receiver.recv()).rejects.toMatchObject({ code: 'ERR_CHANNEL_CLOSED' });
  receiver.close();
});

const impossible: [string, string | URL, WorkerOptions][] = [
  ['an address that is none', 'not/a/path.js', {}],
  ['flags that are none', echo, { execArgv: ['--no-such-flag'] }],
];

test.each(impossible)('a worker that cannot be made (%s) leaves no channel open', (_, url, options) => {
  const [theirSender, receiver] = bounded(1, text);
  expect(() => spawn(url, { theirSender }, options)).toThrow();
  expect(registry().tickets).toBe(0);
  theirSender.close();
  expect(receiver.isClosed).toBe(true);
  receiver.close();
});
