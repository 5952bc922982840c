// A worker ends, in each of seven ways and at each step of a call: every call settles once, and a lost one says truly whether somebody had its request.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { CallLostError, type Caller, type Responder, rpc, transfer } from 'millrace';
import { afterEach, expect, test } from 'vitest';

import { failureOf } from '../misuse';
import { exitOf, registry, until } from '../threads/handshakes';

const manners = ['returns', 'throws', 'exits', 'exitsSeven', 'terminated', 'outOfMemory'] as const;
const steps = ['idle', 'waiting', 'taken', 'serving', 'answered'] as const;
const cases = steps.flatMap((step) => manners.map((manner) => [step, manner] as const));

afterEach(async () => {
  await until(() => registry().channels === 0 && registry().ends === 0, 'the registry is empty');
});

interface Settled {
  readonly how: string;
  readonly times: number;
}

/** What became of a call: what it settled with, and how often. */
function follow(call: Promise<unknown>): { settled: Promise<Settled> } {
  let times = 0;
  const how = call.then(
    (value) => String(value),
    (error: unknown) => {
      if (error instanceof CallLostError) return error.taken ? 'lost, taken' : 'lost, not taken';
      return (error as { code: string }).code;
    },
  );
  return { settled: how.then((how) => ({ how, times: (times += 1) })) };
}

/** How a thread died, by its manner; nothing where it ended in order. */
const deaths: Record<string, RegExp> = {
  throws: /ended by an uncaught error: as told/,
  exitsSeven: /ended with exit code 7/,
  terminated: /was stopped/,
  outOfMemory: /was stopped/,
};

/** What the other side is told when the last end went with a thread: `closeReason`, and the `cause` of errors. */
function reasonOf(manner: string, thread: number): object {
  const message = deaths[manner];
  if (message === undefined) return { kind: 'closed', thread };
  return { kind: 'died', thread, error: { message: expect.stringMatching(message) } };
}

async function end(worker: Worker, manner: string): Promise<void> {
  const exited = exitOf(worker);
  worker.postMessage('end');
  if (manner === 'terminated') await worker.terminate();
  await exited;
}

function start(data: object): Worker {
  const worker = new Worker(new URL('fixtures/dying.cjs', import.meta.url), {
    workerData: data,
    resourceLimits: { maxOldGenerationSizeMb: 32 },
  });
  worker.on('error', () => {});
  return worker;
}

test.each(cases)('a responder that is %s when its thread %s', async (step, manner) => {
  const [caller, responder] = rpc<string, string>(8);
  const worker = start({ step, manner, ticket: transfer({ responder }) });
  const thread = worker.threadId;
  const calls = [1, 2, 3].map((number) => follow(caller.call(`call ${number}`)));
  await once(worker, 'message');
  await end(worker, manner);
  const hows = await Promise.all(calls.map(async ({ settled }) => (await settled).how));
  expect(hows).toEqual(expected[step]);
  expect(caller.stats()).toMatchObject({ length: 0, inFlight: 0, receivers: 0 });
  expect(caller.closeReason).toMatchObject(reasonOf(manner, thread));
  const later = (await failureOf(() => caller.call('later'))) as Error;
  expect(later).toMatchObject({ code: 'ERR_CHANNEL_CLOSED' });
  expect(later.cause).toEqual(caller.closeReason?.error);
  caller.close();
});

/** What becomes of three calls, by what the responder had done: its thread's end drops what it has. */
const expected: Record<(typeof steps)[number], string[]> = {
  idle: ['lost, not taken', 'lost, not taken', 'lost, not taken'],
  waiting: [expect.stringMatching(/^lost/) as never, 'lost, not taken', 'lost, not taken'],
  taken: ['lost, taken', 'lost, not taken', 'lost, not taken'],
  serving: ['lost, taken', 'lost, not taken', 'lost, not taken'],
  answered: ['answered', 'lost, taken', 'lost, not taken'],
};

test.each(['idle', 'taken'])('a responder whose thread fails to load, %s', async (step) => {
  const [caller, responder] = rpc<string, string>(8);
  const call = follow(caller.call('one'));
  const worker = new Worker(new URL('fixtures/fails-to-load.cjs', import.meta.url), {
    workerData: { step, ticket: transfer({ responder }) },
  });
  worker.on('error', () => {});
  await exitOf(worker);
  expect((await call.settled).how).toBe(step === 'taken' ? 'lost, taken' : 'lost, not taken');
  caller.close();
});

/** What is left of two calls of a thread that is gone, of which one was queued and the other waited for room. */
function withdrawn(responder: Responder<string, string>): void {
  expect(responder.stats()).toMatchObject({
    length: 0,
    bytes: 0,
    inFlight: 0,
    waitingSenders: 0,
    senders: 1,
  });
  expect(responder.tryRecv()).toBeUndefined();
}

test.each(manners)('a caller that waits for room when its thread %s is withdrawn', async (manner) => {
  const [caller, responder] = rpc<string, string>(1);
  const worker = start({ step: 'calling twice', manner, ticket: transfer({ caller: caller.clone() }) });
  await once(worker, 'message');
  expect(responder.stats()).toMatchObject({ length: 1, waitingSenders: 1 });
  await end(worker, manner);
  withdrawn(responder);
  for (const end of [caller, responder]) end.close();
});

test.each([0, 1, 2])('a caller whose thread fails to load after %d calls is withdrawn', async (step) => {
  const [caller, responder] = rpc<string, string>(1);
  const worker = new Worker(new URL('fixtures/fails-to-load.cjs', import.meta.url), {
    workerData: { step, ticket: transfer({ caller: caller.clone() }) },
  });
  worker.on('error', () => {});
  await exitOf(worker);
  withdrawn(responder);
  for (const end of [caller, responder]) end.close();
});

test.each(manners)('a caller whose thread %s: its requests are withdrawn', async (manner) => {
  const [caller, responder] = rpc<string, string>(8);
  const others = caller.clone();
  const worker = start({ step: 'calling', manner, ticket: transfer({ caller }) });
  await once(worker, 'message');
  await until(() => responder.stats().length === 1, 'it has called');
  const second = start({ step: 'calling', manner, ticket: transfer({ caller: others.clone() }) });
  await once(second, 'message');
  const taken = await responder.recv();
  await until(() => responder.stats().length === 1, 'the second has called');
  const aborted = once(taken.signal, 'abort');
  await Promise.all([end(worker, manner), end(second, manner)]);
  await aborted;
  expect(taken.reply('late')).toBe(false);
  expect(responder.tryRecv()).toBeUndefined();
  expect(responder.stats()).toMatchObject({ length: 0, inFlight: 0, senders: 1 });
  others.close();
  await expect(responder.recv()).rejects.toMatchObject({ code: 'ERR_CHANNEL_CLOSED' });
  responder.close();
});

test.each(manners)(
  'the last caller gone with a thread that %s: whoever waits for requests is told how',
  async (manner) => {
    const [caller, responder] = rpc<string, string>(8);
    const worker = start({ step: 'calling', manner, ticket: transfer({ caller }) });
    const thread = worker.threadId;
    await once(worker, 'message');
    const [taken] = [await responder.recv()];
    const [waiting, served] = [failureOf(() => responder.recv()), responder.serve(() => 'never')];
    await end(worker, manner);
    expect(await waiting).toMatchObject({ code: 'ERR_CHANNEL_CLOSED' });
    await served;
    expect(taken.reply('late')).toBe(false);
    expect(responder.closeReason).toMatchObject(reasonOf(manner, thread));
    responder.close();
  },
);

test('what waits for a thread that dies is taken by the others, in order', async () => {
  const [caller, responder] = rpc<string, string>(8);
  const survivor: Responder<string, string> = responder.clone();
  const worker = start({ step: 'taken', manner: 'exitsSeven', ticket: transfer({ responder }) });
  const lost = follow((caller as Caller<string, string>).call('lost'));
  const kept = ['one', 'two', 'three'].map((text) => caller.call(text));
  await once(worker, 'message');
  await end(worker, 'exitsSeven');
  expect((await lost.settled).how).toBe('lost, taken');
  void survivor.serve((text) => text.toUpperCase());
  expect(await Promise.all(kept)).toEqual(['ONE', 'TWO', 'THREE']);
  caller.close();
  survivor.close();
});
