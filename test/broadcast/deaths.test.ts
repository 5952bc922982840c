// A thread that holds ends of a broadcast and of a watch ends, in each way there is and at each step: it holds nobody up, whoever waits for it hears of it, and how it ended is told.
import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { broadcast, ChannelClosedError, ChannelFailedError, select, spawn, watch } from 'millrace';
import { expect, test } from 'vitest';

import { failureOf } from '../misuse';
import { exitOf, until } from '../threads/handshakes';

const orderly = ['returns', 'exits with 0'];
const deaths = {
  throws: /ended by an uncaught error: as told/,
  'exits with 7': /ended with exit code 7/,
  'is terminated': /was stopped/,
  'is terminated, blocked': /was stopped/,
  'runs out of memory': /was stopped/,
  'cannot be loaded': /ended by an uncaught error/,
} as const;
const manners = [...orderly, ...Object.keys(deaths)];
const number = { codec: 'f64' } as const;
const closed = expect.objectContaining({ code: 'ERR_CHANNEL_CLOSED' });

/** Each manner at each of these steps; who cannot be loaded takes none. */
function cases(...steps: string[]): [step: string, manner: string][] {
  return manners.flatMap((manner) =>
    (manner === 'cannot be loaded' ? ['idle'] : steps).map((step): [string, string] => [step, manner]),
  );
}

interface Started {
  readonly thread: number;
  /** Ends it; resolves when it has. */
  end(): Promise<void>;
}

async function start(manner: string, step: string, ends: Record<string, unknown>): Promise<Started> {
  const loads = manner !== 'cannot be loaded';
  const url = new URL(`fixtures/${loads ? 'dying' : 'broken'}.mjs`, import.meta.url);
  const resourceLimits = { maxOldGenerationSizeMb: 32 };
  const worker: Worker = spawn(url, { manner, step, ...ends }, { resourceLimits });
  worker.on('error', () => undefined);
  const [thread, exited] = [worker.threadId, exitOf(worker)];
  if (loads) await once(worker, 'message');
  const end = async () => {
    if (manner.startsWith('is terminated')) await worker.terminate();
    else worker.postMessage('end');
    await exited;
  };
  return { thread, end };
}

test.each(cases('idle', 'receiving', 'iterating'))(
  'receivers that are %s hold nobody up once their thread %s',
  async (step, manner) => {
    const [tx, rx] = broadcast(1, number);
    const mine = rx.clone();
    const [control, settings] = watch({ ...number, initial: 1 });
    const { end } = await start(manner, step, { rx, settings });
    tx.sendSync(1);
    expect(mine.recvSync()).toBe(1);
    // It may have taken the first, where it waits for it.
    const pending = [tx.send(2), tx.send(3)];
    await end();
    await pending[0];
    expect(await mine.recv()).toBe(2);
    await pending[1];
    expect(await mine.recv()).toBe(3);
    await until(() => tx.stats().receivers === 1 && control.stats().receivers === 0, 'its ends are gone');
    expect([tx.closeReason, mine.closeReason, control.closeReason]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    control.set(2);
    const late = control.subscribe();
    expect(late.get()).toBe(2);
    for (const handle of [tx, mine, control, late]) handle.close();
  },
);

test.each(cases('idle', 'receiving', 'iterating', 'sending'))(
  'whoever waits for a thread that is %s hears of it, and how it ended, once it %s',
  async (step, manner) => {
    const [tx, rx] = broadcast(1, number);
    const [control, settings] = watch({ ...number, initial: 1 });
    const ends = { tx, control, rx: rx.clone(), settings: settings.clone() };
    const { thread, end } = await start(manner, step, ends);
    if (step === 'sending') expect([rx.tryRecv(), settings.get()]).toEqual([0, 7]);
    const last = settings.get();
    await end();
    const message = deaths[manner as keyof typeof deaths];
    for (const wait of [() => readAll(rx), () => settings.changed()]) {
      const error = await failureOf(wait);
      expect(error).toBeInstanceOf(ChannelClosedError);
      if (message !== undefined)
        expect(error).toMatchObject({ cause: { message: expect.stringMatching(message) } });
    }
    for (const handle of [rx, settings]) {
      expect(handle.closeReason).toMatchObject({ kind: message === undefined ? 'closed' : 'died', thread });
    }
    expect([settings.get(), rx.isClosed, settings.isClosed]).toEqual([last, true, true]);
    rx.close();
    settings.close();
  },
);

test.each(cases('idle', 'receiving', 'sending'))(
  "onDeath: 'fail': a thread that is %s fails its broadcast and its watch when it dies, and only then: it %s",
  async (step, manner) => {
    const [tx, rx] = broadcast(1, { ...number, onDeath: 'fail' });
    const [control, settings] = watch({ ...number, initial: 1, onDeath: 'fail' });
    const [stays, setter, unread] = [tx.clone(), control.clone(), rx.clone()];
    const ends = { tx, control, rx: rx.clone(), settings: settings.clone() };
    const { thread, end } = await start(manner, step, ends);
    if (step === 'sending') expect(rx.tryRecv()).toBe(0);
    else stays.trySend(0);
    const last = settings.get();
    const waits = [readAll(rx), settings.changed(), settings[Symbol.asyncIterator]().next()];
    const told = Promise.allSettled(waits);
    await end();
    const message = deaths[manner as keyof typeof deaths];
    if (message === undefined) {
      expect([rx.closeReason, settings.closeReason]).toEqual([undefined, undefined]);
      for (const handle of [stays, setter]) handle.close();
      expect(await told).toEqual([
        { status: 'rejected', reason: closed },
        { status: 'rejected', reason: closed },
        { status: 'fulfilled', value: { value: undefined, done: true } },
      ]);
    } else {
      const failed = {
        code: 'ERR_CHANNEL_FAILED',
        cause: { message: expect.stringMatching(message) },
      };
      for (const { status, reason } of (await told) as PromiseRejectedResult[]) {
        expect(status).toBe('rejected');
        expect(reason).toBeInstanceOf(ChannelFailedError);
        expect(reason).toMatchObject(failed);
      }
      // What was accepted is received first, by each receiver.
      expect(unread.tryRecv()).toBe(0);
      expect(await failureOf(() => readAll(unread))).toMatchObject(failed);
      for (const handle of [rx, settings, stays, setter]) {
        expect(handle.closeReason).toMatchObject({ kind: 'died', thread, error: failed.cause });
      }
      expect(await select({ settings })).toMatchObject({ key: 'settings', closed: true, error: failed });
      expect(await failureOf(() => stays.trySend(1))).toEqual(closed);
      expect(await failureOf(() => setter.set(2))).toEqual(closed);
      const late = setter.subscribe();
      expect([settings.get(), late.get()]).toEqual([last, last]);
      late.close();
      for (const handle of [stays, setter]) handle.close();
    }
    for (const handle of [rx, unread, settings]) handle.close();
  },
);

/** Receives until it is told that there is no more. */
async function readAll(rx: { recv(): Promise<unknown> }): Promise<never> {
  for (;;) await rx.recv();
}
