// Callers and responders as ends: how a responder waits, how both close, and how many requests they queue.
import { threadId } from 'node:worker_threads';

import { type Caller, ChannelClosedError, ChannelStateError, type Responder, rpc } from 'millrace';
import { afterEach, describe, expect, test } from 'vitest';

import { failureOf } from '../misuse';
import { registry, until } from '../threads/handshakes';

type Ends = [Caller<string, string>, Responder<string, string>];
const opened: { close(): void }[] = [];

function open(capacity = 8): Ends {
  const ends = rpc<string, string>(capacity);
  opened.push(...ends);
  return ends;
}

afterEach(async () => {
  for (const end of opened.splice(0)) end.close();
  await until(() => registry().channels === 0, 'the registry is empty');
});

test.each([1, 2, 2 ** 23])('%d requests are queued at most', async (capacity) => {
  const [caller, responder] = open(capacity);
  expect([caller.stats().capacity, responder.stats().capacity]).toEqual([capacity, capacity]);
  const calls = Array.from({ length: 3 }, (_, at) => failureOf(() => caller.call(`${at}`)));
  const queued = Math.min(capacity, 3);
  expect(caller.stats()).toMatchObject({ length: queued, waitingSenders: 3 - queued });
  responder.close();
  await Promise.all(calls);
});

describe("a responder's receives", () => {
  test('time out, and are aborted, and have taken nothing', async () => {
    const [caller, responder] = open();
    const abort = new AbortController();
    const aborted = responder.recv({ signal: abort.signal });
    abort.abort('enough');
    await expect(aborted).rejects.toBe('enough');
    await expect(responder.recv({ signal: AbortSignal.abort('at first') })).rejects.toBe('at first');
    expect(responder.tryRecv()).toBeUndefined();
    expect([await responder.recv({ timeout: 1 }), responder.recvSync({ timeout: 1 })]).toEqual([
      undefined,
      undefined,
    ]);
    expect(responder.stats()).toMatchObject({ received: 0, waitingReceivers: 0 });
    const call = caller.call('still there');
    const request = await responder.recv({ timeout: 60_000 });
    request!.reply(request!.value);
    expect(await call).toBe('still there');
  });

  test('hear that the callers are gone, once nothing is queued', async () => {
    const [caller, responder] = open();
    const [handle, iterated] = [responder.clone(), responder.clone()];
    opened.push(handle, iterated);
    const waits = [responder.recv(), responder.recv({ timeout: 60_000 })].map((wait) =>
      failureOf(() => wait),
    );
    const step = iterated[Symbol.asyncIterator]().next();
    caller.close();
    for (const verb of [() => handle.tryRecv(), () => handle.recvSync(), () => handle.recv()]) {
      expect(await failureOf(verb)).toBeInstanceOf(ChannelClosedError);
    }
    for (const wait of waits) expect(await wait).toBeInstanceOf(ChannelClosedError);
    expect(await step).toEqual({ value: undefined, done: true });
    expect([responder.isClosed, responder.closeReason]).toEqual([true, { kind: 'closed', thread: threadId }]);
  });

  test('say so where no request could ever come, and on a spent handle', async () => {
    const [caller, responder] = open();
    expect(() => responder.recvSync()).toThrow(ChannelStateError);
    const waits = failureOf(() => responder.recv());
    responder.close();
    expect(await waits).toBeInstanceOf(ChannelStateError);
    for (const verb of [() => responder.tryRecv(), () => responder.recv(), () => responder.clone()]) {
      expect(await failureOf(verb)).toBeInstanceOf(ChannelStateError);
    }
    expect(await failureOf(() => caller.call('nobody'))).toBeInstanceOf(ChannelClosedError);
  });
});

test('for await gives each request in order, and ends when the callers are gone', async () => {
  const [caller, responder] = open();
  const calls = ['one', 'two', 'three'].map((value) => caller.call(value));
  void Promise.all(calls).then(() => caller.close());
  const seen: string[] = [];
  for await (const request of responder) {
    seen.push(request.value);
    request.reply(request.value.toUpperCase());
  }
  expect(seen).toEqual(['one', 'two', 'three']);
  expect(await Promise.all(calls)).toEqual(['ONE', 'TWO', 'THREE']);
});

test('an end is open until each of its clones is closed or disposed, and says why it is closed', () => {
  for (const side of [0, 1]) {
    const ends = open();
    const [mine, other] = [ends[side]!, ends[1 - side]!];
    const clone = mine.clone();
    expect([mine.stats().senders, mine.stats().receivers].sort()).toEqual([1, 2]);
    mine.close();
    mine.close();
    expect([other.isClosed, other.closeReason]).toEqual([false, undefined]);
    clone[Symbol.dispose]();
    expect([other.isClosed, other.closeReason]).toEqual([true, { kind: 'closed', thread: threadId }]);
  }
});

test('neither a reply nor an error is heard where nobody waits any more', async () => {
  const [caller, responder] = open();
  for (const answer of ['reply', 'fail'] as const) {
    const abort = new AbortController();
    const call = failureOf(() => caller.call('slow', { signal: abort.signal }));
    const request = responder.recvSync();
    abort.abort();
    await call;
    expect(request[answer]('late')).toBe(false);
  }
});
