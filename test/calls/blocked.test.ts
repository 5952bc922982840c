// callSync of a worker: it waits for room as any call does, and its thread can be terminated wherever it blocks.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { bounded, type Caller, type Receiver, type Responder, rpc, transfer } from 'millrace';
import { afterEach, expect, test } from 'vitest';

import { exitOf, registry, until } from '../threads/handshakes';

const blocked = 'from a blocked thread';
/** Only what hangs takes so long, in milliseconds: a wait for something, and a test. */
const limit = 60_000;
const timeout = 300_000;

afterEach(async () => {
  await until(() => registry().channels === 0 && registry().ends === 0, 'the registry is empty', limit);
});

type Ends = [Caller<string, string>, Responder<string, string>];

interface Blocked {
  readonly worker: Worker;
  /** What it says, where it gets so far, and that it has ended: one may come with the other. */
  readonly told: Promise<unknown>;
  readonly ended: Promise<unknown>;
}

/** A worker that has begun to call by a caller of its own. */
async function block(
  [caller]: Ends,
  wait?: { timeout: number },
  beside?: { rx: Receiver<string> },
): Promise<Blocked> {
  const worker = new Worker(new URL('fixtures/blocked.cjs', import.meta.url), {
    workerData: { ticket: transfer({ caller: caller.clone(), ...beside }), wait },
  });
  const ended = exitOf(worker);
  const told = new Promise((resolve) => {
    worker.on('message', (message: unknown) => {
      if (message !== 'calling') resolve(message);
    });
  });
  await once(worker, 'message');
  return { worker, told, ended };
}

/** Both are closed, and nothing is left of a call. */
function leave([caller, responder]: Ends): void {
  expect(caller.stats()).toMatchObject({ length: 0, inFlight: 0, waitingSenders: 0 });
  caller.close();
  responder.close();
}

test('callSync waits for room, behind those who called before, and is answered', { timeout }, async () => {
  const ends: Ends = rpc<string, string>(1);
  const [caller, responder] = ends;
  const first = caller.call('first');
  const { told, ended } = await block(ends);
  await until(() => caller.stats().waitingSenders === 1, 'it waits for room', limit);
  expect(caller.stats()).toMatchObject({ length: 1, inFlight: 0 });
  for (const value of ['first', blocked]) {
    const request = await responder.recv();
    expect(request.value).toBe(value);
    request.reply(`to ${value}`);
  }
  expect(await first).toBe('to first');
  expect(await told).toEqual({ answer: `to ${blocked}` });
  await ended;
  leave(ends);
});

test('callSync whose time runs out while it waits for room was never asked', { timeout }, async () => {
  const ends: Ends = rpc<string, string>(1);
  const [caller, responder] = ends;
  const first = caller.call('first');
  const { told, ended } = await block(ends, { timeout: 20 });
  expect(await told).toEqual({ answer: undefined });
  await ended;
  expect(caller.stats()).toMatchObject({ length: 1, waitingSenders: 0 });
  responder.tryRecv()?.reply('to first');
  expect([await first, responder.tryRecv()]).toEqual(['to first', undefined]);
  leave(ends);
});

test("a callSync serves its thread's other waits while it blocks", { timeout }, async () => {
  const ends: Ends = rpc<string, string>(1);
  const [caller, responder] = ends;
  const [tx, rx] = bounded(1, { codec: 'text' });
  const { told, ended } = await block(ends, undefined, { rx });
  const request = await responder.recv();
  tx.trySend('meanwhile');
  // Received by a thread that has no answer yet.
  await tx.drained();
  expect([caller.stats().inFlight, tx.stats()]).toMatchObject([1, { received: 1, waitingReceivers: 0 }]);
  request.reply('answered');
  expect(await told).toEqual({ answer: 'answered', message: 'meanwhile' });
  await ended;
  tx.close();
  leave(ends);
});

/** Where a callSync blocks when its thread is terminated, and what is to be seen of it then. */
const places = {
  'waits for room': {
    first: 'first',
    isThere: ([caller]: Ends) => caller.stats().waitingSenders === 1,
  },
  'is queued': {
    first: undefined,
    isThere: ([caller]: Ends) => caller.stats().length === 1,
  },
} as const;

test.each(Object.entries(places))(
  'terminate() in a callSync that %s: the thread ends, and nobody gets its request',
  { timeout },
  async (_, { first, isThere }) => {
    const ends: Ends = rpc<string, string>(1);
    const [caller, responder] = ends;
    const answered = first === undefined ? undefined : caller.call(first);
    const { worker } = await block(ends);
    await until(() => isThere(ends), 'it blocks', limit);
    await worker.terminate();
    await until(() => caller.stats().senders === 1, 'its end is gone', limit);
    responder.tryRecv()?.reply('to the first');
    expect([await answered, responder.tryRecv()]).toEqual([first && 'to the first', undefined]);
    leave(ends);
  },
);

test(
  'terminate() in a callSync whose request was taken: its signal aborts, and a reply answers false',
  { timeout },
  async () => {
    const ends: Ends = rpc<string, string>(1);
    const [caller, responder] = ends;
    const { worker } = await block(ends);
    const request = await responder.recv();
    const aborted = once(request.signal, 'abort');
    expect([request.value, request.signal.aborted]).toEqual([blocked, false]);
    await worker.terminate();
    await aborted;
    expect(request.reply('late')).toBe(false);
    await until(() => caller.stats().senders === 1, 'its end is gone', limit);
    leave(ends);
  },
);
