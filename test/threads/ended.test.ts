// How a thread ended is told: by closeReason, and with onDeath: 'fail' by a failure. At every step, in seven ways.
import { once } from 'node:events';
import { threadId, Worker } from 'node:worker_threads';
import {
  attach,
  bounded,
  ChannelFailedError,
  type CloseReason,
  type Handle,
  spawn,
  transfer,
  tripleBuffer,
} from 'millrace';
import { afterEach, describe, expect, test } from 'vitest';
import { failureOf } from '../misuse';
import { exitOf, registry, until } from './handshakes';

const text = { codec: 'text' } as const;
const orderly = { returns: 'in order', exits: 'in order' };
const deaths = {
  throws: /ended by an uncaught error: as told/,
  rejects: /ended by an uncaught error: as told/,
  'exits with 7': /ended with exit code 7/,
  'is terminated': /was stopped/,
  'reaches its memory limit': /was stopped/,
};
const steps = ['idle', 'sending', 'receiving', 'iterating'];

afterEach(async () => {
  await until(() => registry().environments === 1, 'the workers have left');
});

interface Start {
  readonly way: string;
  readonly step: string;
  readonly ends: object;
}

/** Has a worker end, as told; answers with its thread's number once it has exited. */
async function end({ way, step, ends }: Start): Promise<number> {
  const worker = new Worker(new URL('fixtures/ended.cjs', import.meta.url), {
    workerData: { way, step, ticket: transfer(ends) },
    resourceLimits: { maxOldGenerationSizeMb: 24 },
  });
  worker.on('error', () => undefined);
  const number = worker.threadId;
  await once(worker, 'message');
  const exited = exitOf(worker);
  if (way === 'is terminated') void worker.terminate();
  else worker.postMessage('end');
  await exited;
  return number;
}

/** A reader that waits: the last thing that it gets. */
function told(rx: { recv(): Promise<unknown> }): Promise<unknown> {
  const last = async () => {
    for (;;) await rx.recv();
  };
  return failureOf(last);
}

describe.each(steps)('a worker that is %s', (step) => {
  test.each(Object.keys({ ...orderly, ...deaths }))('and %s', async (way) => {
    const [emptyTx, empty] = bounded(1, text);
    const [full, fullRx] = bounded(1, text);
    const [failing, failingRx] = bounded(1, { ...text, onDeath: 'fail' });
    const [input, output] = tripleBuffer({ byteLength: 8 });
    const stays = failing.clone();
    const waiting = told(failingRx);
    const number = await end({ way, step, ends: { empty, full, failing, input } });
    const message = deaths[way as keyof typeof deaths];
    const kind = message === undefined ? 'closed' : 'died';
    for (const side of [emptyTx, output] satisfies Handle[]) {
      expect(side.closeReason).toMatchObject({ kind, thread: number });
    }
    if (step === 'sending') expect(fullRx.tryRecv()).toBe('fills it');
    expect(fullRx.closeReason).toMatchObject({ kind, thread: number });
    if (message === undefined) {
      // A sender that stays keeps it open.
      expect([failingRx.closeReason, fullRx.closeReason?.error]).toEqual([undefined, undefined]);
      stays.close();
      expect(await waiting).toMatchObject({ name: 'ChannelClosedError' });
    } else {
      const error = (await waiting) as Error;
      expect(error).toBeInstanceOf(ChannelFailedError);
      expect(error.cause).toMatchObject({ message: expect.stringMatching(message) });
      expect((error.cause as Error).message).toContain(`thread ${number} `);
      for (const reason of [failingRx.closeReason, fullRx.closeReason] as CloseReason[]) {
        expect(reason.error).toMatchObject({ message: expect.stringMatching(message) });
      }
      if (way === 'throws') expect((error.cause as Error).cause).toBeInstanceOf(RangeError);
      expect(await failureOf(() => emptyTx.trySend('nobody'))).toMatchObject({
        name: 'ChannelClosedError',
        cause: { message: expect.stringMatching(message) },
      });
      stays.close();
    }
    for (const side of [emptyTx, fullRx, failingRx, output]) side.close();
  });
});

test('with onDeath: close, the default, a death is no failure, and the end of a side tells of it alone', async () => {
  const [tx, rx] = bounded(1, { ...text, onDeath: 'close' });
  const [, empty] = bounded(1, text);
  const full = tx.clone();
  await end({ way: 'is terminated', step: 'idle', ends: { full, empty } });
  expect(rx.closeReason).toBeUndefined();
  tx.close();
  expect(rx.closeReason).toEqual({ kind: 'closed', thread: threadId });
  rx.close();
});

test('a receiver that dies fails nothing', async () => {
  const [tx, rx] = bounded(1, { ...text, onDeath: 'fail' });
  const [full] = bounded(1, text);
  await end({ way: 'is terminated', step: 'receiving', ends: { empty: rx.clone(), full } });
  expect(tx.closeReason).toBeUndefined();
  tx.trySend('still there');
  expect(rx.tryRecv()).toBe('still there');
  tx.close();
  rx.close();
});

test('what spawn hands to a worker that fails while it loads goes with it, and says so', async () => {
  const [tx, rx] = bounded(1, { ...text, onDeath: 'fail' });
  const stays = tx.clone();
  const worker = spawn(new URL('data:text/javascript,throw new RangeError("while loading")'), { tx });
  const number = worker.threadId;
  worker.on('error', () => undefined);
  const error = (await told(rx)) as Error;
  expect(error).toBeInstanceOf(ChannelFailedError);
  expect(error.cause).toMatchObject({
    message: `thread ${number} ended by an uncaught error: while loading`,
    cause: { name: 'RangeError' },
  });
  stays.close();
  rx.close();
});

test('what spawn hands to a worker that never attaches it, and returns, is closed', async () => {
  const [tx, rx] = bounded(1, { ...text, onDeath: 'fail' });
  spawn(new URL('data:text/javascript,'), { tx });
  expect(await told(rx)).toMatchObject({ name: 'ChannelClosedError' });
  expect(rx.closeReason).toMatchObject({ kind: 'closed' });
  rx.close();
});

test('an error of a worker that nobody handles is told to its owner, with spawn too', async () => {
  const [tx, rx] = bounded(1, text);
  const worker = spawn(new URL('data:text/javascript,throw new RangeError("unheard")'), { tx });
  expect(await once(worker, 'error')).toMatchObject([{ message: 'unheard' }]);
  rx.close();
});

test('a ticket that a dying thread leaves is good as before, and closes as any', async () => {
  const [tx, rx] = bounded(1, { ...text, onDeath: 'fail' });
  const worker = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     const { attach, transfer } = require('millrace');
     parentPort.postMessage(transfer(attach(workerData)));
     parentPort.on('message', () => process.exit(7));`,
    { eval: true, workerData: transfer(tx) },
  );
  const [ticket] = (await once(worker, 'message')) as [ReturnType<typeof transfer<typeof tx>>];
  worker.postMessage('exit');
  await exitOf(worker);
  expect(rx.closeReason).toBeUndefined();
  const rescued = attach(ticket);
  rescued.trySend('rescued');
  rescued.close();
  expect([rx.tryRecv(), rx.closeReason?.kind]).toEqual(['rescued', 'closed']);
  rx.close();
});
