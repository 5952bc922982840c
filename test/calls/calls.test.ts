// Calls and replies in one thread: each sentence of what they promise, over all codecs where the codec matters.
import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { isDeepStrictEqual } from 'node:util';

import {
  CallLostError,
  type Caller,
  ChannelClosedError,
  ChannelCodecError,
  ChannelStateError,
  type Codec,
  type Responder,
  attach,
  inspect,
  revoke,
  rpc,
  select,
  transfer,
  trySelect,
} from 'millrace';
import { afterEach, describe, expect, test } from 'vitest';

import { registry, until } from '../threads/handshakes';

// oxlint-disable-next-line typescript/no-explicit-any -- each test asks and answers what it likes.
type Any = any;
type Ends = [Caller<Any, Any>, Responder<Any, Any>];
const opened: { close(): void }[] = [];

function open(...parameters: Parameters<typeof rpc>): Ends {
  const ends = rpc<Any, Any>(...parameters);
  opened.push(...ends);
  return ends;
}

afterEach(async () => {
  for (const end of opened.splice(0)) end.close();
  await until(() => registry().channels === 0, 'the registry is empty');
});

const upper: Codec<string> = {
  name: 'upper',
  encode: (text) => Buffer.from(text.toUpperCase()),
  decode: (bytes) => Buffer.from(bytes).toString(),
};
const bytes = (length: number) => Uint8Array.from({ length }, (_, index) => index % 251);
const codecs = [
  ['bytes', [bytes(0), bytes(1), bytes(64), bytes(65), bytes(4097), bytes(65_536), bytes(300_000)]],
  ['buffer', [Buffer.from('one'), Buffer.from('x'.repeat(5000))]],
  ['text', ['', 'one', 'x'.repeat(70_000)]],
  ['f64', [0.5, -1]],
  ['json', [{ a: [1, null] }, null, 'x'.repeat(5000)]],
  ['structured', [new Map([[1, { n: 1n }]]), null, 'x'.repeat(70_000)]],
  [upper, ['ONE', 'TWO'.repeat(3000)]],
] as const;

describe.each(codecs)('%j', (codec, values) => {
  test('a call resolves with what its responder replies', async () => {
    const [caller, responder] = open(64, { request: codec, response: codec });
    const served = responder.serve((value) => value);
    const answers = await Promise.all(values.map((value) => caller.call(value)));
    expect(isDeepStrictEqual(answers, [...values])).toBe(true);
    caller.close();
    await served;
  });

  test('a request has its value by every verb that takes one', async () => {
    const [caller, responder] = open(64, { request: codec, response: codec });
    for (const value of values) {
      const answers = [1, 2, 3, 4, 5].map(() => caller.call(value));
      const handed = responder.recv();
      const requests = [
        responder.tryRecv(),
        await handed,
        responder.recvSync(),
        trySelect({ responder }).value,
        (await responder[Symbol.asyncIterator]().next()).value,
      ];
      for (const request of requests) {
        expect(isDeepStrictEqual(request.value, value)).toBe(true);
        expect(request.reply(request.value)).toBe(true);
      }
      expect(isDeepStrictEqual(await Promise.all(answers), Array(5).fill(value))).toBe(true);
    }
  });
});

test('requests go in order to whoever is free, each to one', async () => {
  const [caller, responder] = open(64);
  const second = responder.clone();
  opened.push(second);
  const seen: string[] = [];
  const free: (() => void)[] = [];
  for (const [name, each] of [
    ['first', responder],
    ['second', second],
  ] as const) {
    void each.serve(async (value) => {
      seen.push(`${name} ${value}`);
      await new Promise<void>((resolve) => free.push(resolve));
      return value;
    });
  }
  const answers = [0, 1, 2, 3].map((value) => caller.call(value));
  await until(() => seen.length === 2, 'both have one');
  expect(caller.stats()).toMatchObject({ inFlight: 2, length: 2 });
  free[1]?.();
  await until(() => seen.length === 3, 'who is free has the next');
  expect(seen).toEqual(['first 0', 'second 1', 'second 2']);
  free[2]?.();
  await until(() => seen.length === 4, 'and the next');
  for (const each of free) each();
  expect(await Promise.all(answers)).toEqual([0, 1, 2, 3]);
});

test.each([1, 2, 5, Infinity])('serve keeps %d handlers under way', async (concurrency) => {
  const [caller, responder] = open(16);
  let underWay = 0;
  let most = 0;
  const waiting: (() => void)[] = [];
  const served = responder.serve(
    async (value) => {
      most = Math.max(most, (underWay += 1));
      await new Promise<void>((resolve) => waiting.push(resolve));
      underWay -= 1;
      return value;
    },
    { concurrency },
  );
  const answers = Promise.all(Array.from({ length: 10 }, (_, index) => caller.call(index)));
  const wanted = Math.min(concurrency, 10);
  for (let done = 0; done < 10; done += 1) {
    await until(
      () => waiting.length > 0 && underWay === Math.min(wanted, 10 - done),
      'as many are under way',
    );
    waiting.shift()?.();
  }
  expect(await answers).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(most).toBe(wanted);
  caller.close();
  await served;
});

test('a handler that throws answers with its error, and the loop goes on', async () => {
  const [caller, responder] = open(8);
  void responder.serve((value) => {
    if (value === 'sync') throw new RangeError('at once');
    if (value === 'async') return Promise.reject(Object.assign(new TypeError('later'), { detail: 7 }));
    if (value === 'nothing') return undefined;
    if (value === 'uncloneable') return () => {};
    return value;
  });
  await expect(caller.call('sync')).rejects.toThrow(new RangeError('at once'));
  const error = await caller.call('async').catch((error: unknown) => error);
  expect(error).toBeInstanceOf(TypeError);
  expect(error).toMatchObject({ message: 'later', detail: 7 });
  await expect(caller.call('nothing')).rejects.toBeInstanceOf(TypeError);
  await expect(caller.call('uncloneable')).rejects.toMatchObject({ code: 'ERR_CHANNEL_CODEC' });
  expect(await caller.call('fine')).toBe('fine');
});

test("an error has the caller's calls above the responder's", async () => {
  const [caller, responder] = open(8);
  void responder.serve(function theHandler() {
    throw new Error('no such thing');
  });
  async function theCaller(): Promise<void> {
    await caller.call('anything');
  }
  const { stack } = (await theCaller().catch((error: unknown) => error)) as Error;
  expect(stack).toMatch(
    /^Error: no such thing\n[^]*at (?:async )?theCaller[^]*in the responder[^]*theHandler/,
  );
});

test('fail rejects with the value, whatever it is', async () => {
  const [caller, responder] = open(8);
  for (const value of ['a string', null, 7, { plain: true }]) {
    const call = caller.call(1);
    expect(responder.tryRecv()?.fail(value)).toBe(true);
    await expect(call.catch((error: unknown) => ({ error }))).resolves.toEqual({ error: value });
  }
});

test('a request is answered once', async () => {
  const [caller, responder] = open(8);
  const call = caller.call(1);
  const request = responder.tryRecv();
  expect([request?.reply('first'), request?.reply('second'), request?.fail('third')]).toEqual([
    true,
    false,
    false,
  ]);
  request?.[Symbol.dispose]();
  expect(await call).toBe('first');
});

test('a reply that cannot be encoded throws, and the request is still open', async () => {
  const [caller, responder] = open(8, { response: 'json' });
  const call = caller.call(1);
  const request = responder.tryRecv();
  expect(() => request?.reply(1n)).toThrow(ChannelCodecError);
  expect(() => request?.reply(undefined)).toThrow(TypeError);
  expect(request?.reply('at last')).toBe(true);
  expect(await call).toBe('at last');
});

test('a request that is dropped unanswered is lost, and was taken', async () => {
  const [caller, responder] = open(8);
  const call = caller.call(1);
  responder.tryRecv()?.[Symbol.dispose]();
  const error = await call.catch((error: unknown) => error);
  expect(error).toBeInstanceOf(CallLostError);
  expect(error).toMatchObject({ taken: true, code: 'ERR_CHANNEL_LOST', name: 'CallLostError' });
});

test('the last responder gone: queued calls are lost untaken, taken ones can be answered, later ones are closed', async () => {
  const [caller, responder] = open(2, { label: 'orders' });
  const taken = caller.call('taken');
  const request = responder.tryRecv();
  const queued = ['queued', 'queued', 'waits for room'].map((value) => caller.call(value));
  expect(caller.stats()).toMatchObject({ length: 2, waitingSenders: 1, inFlight: 1 });
  responder.close();
  for (const call of queued) {
    await expect(call).rejects.toMatchObject({ code: 'ERR_CHANNEL_LOST', taken: false });
    await expect(call).rejects.toThrow(/orders/);
  }
  await expect(caller.call('later')).rejects.toBeInstanceOf(ChannelClosedError);
  expect(() => caller.callSync('later')).toThrow(ChannelClosedError);
  expect(caller.isClosed).toBe(true);
  expect(request?.reply('after all')).toBe(true);
  expect(await taken).toBe('after all');
});

test('close of a caller rejects its pending calls, and withdraws their requests', async () => {
  const [caller, responder] = open(2);
  const other = caller.clone();
  opened.push(other);
  const calls = [1, 2, 3].map((value) => caller.call(value));
  const request = responder.tryRecv();
  const kept = other.call('kept');
  const aborted = once(request!.signal, 'abort');
  caller.close();
  for (const call of calls) await expect(call).rejects.toBeInstanceOf(ChannelStateError);
  await aborted;
  expect(request?.reply('late')).toBe(false);
  responder.tryRecv()?.reply('for the other');
  expect(await kept).toBe('for the other');
  await expect(caller.call(4)).rejects.toBeInstanceOf(ChannelStateError);
});

test('a call that is aborted or timed out is withdrawn while nobody has it', async () => {
  const [caller, responder] = open(2);
  const abort = new AbortController();
  const aborted = caller.call('aborted', { signal: abort.signal });
  const late = caller.call('late', { timeout: 1 });
  const waits = caller.call('waits for room', { signal: abort.signal });
  expect(caller.stats()).toMatchObject({ length: 2, waitingSenders: 1 });
  abort.abort(new Error('changed my mind'));
  await expect(aborted).rejects.toThrow('changed my mind');
  await expect(waits).rejects.toThrow('changed my mind');
  expect(await late).toBeUndefined();
  expect(responder.tryRecv()).toBeUndefined();
  const { sent, received, discarded, length, bytes } = caller.stats();
  expect({ sent, received, discarded, length, bytes }).toEqual({
    sent: 3,
    received: 0,
    discarded: 3,
    length: 0,
    bytes: 0,
  });
  await expect(caller.call(1, { signal: AbortSignal.abort('first') })).rejects.toBe('first');
});

test('a call that ends after it was taken aborts the signal there, and a late reply answers false', async () => {
  const [caller, responder] = open(2);
  const abort = new AbortController();
  for (const wait of [{ timeout: 1 }, { signal: abort.signal }]) {
    const call = caller.call('slow', wait).catch((error: Error) => error.name);
    const request = responder.tryRecv();
    expect(caller.stats().inFlight).toBe(1);
    expect(request?.signal.aborted).toBe(false);
    const aborted = once(request!.signal, 'abort');
    if ('signal' in wait) abort.abort();
    expect(await call).toBe('timeout' in wait ? undefined : 'AbortError');
    await aborted;
    expect(caller.stats().inFlight).toBe(0);
    expect(request?.reply('late')).toBe(false);
  }
  // Asked for only then, it is aborted already.
  const call = caller.call('slow', { timeout: 1 });
  const request = responder.tryRecv();
  await call;
  expect(request?.signal.aborted).toBe(true);
});

test("a handler's signal aborts when nobody waits any more", async () => {
  const [caller, responder] = open(2);
  const reasons: unknown[] = [];
  void responder.serve(async (_, { signal }) => {
    await once(signal, 'abort');
    reasons.push(signal.reason.name);
    return 'late';
  });
  expect(await caller.call('slow', { timeout: 1 })).toBeUndefined();
  await until(() => reasons.length === 1, 'the handler hears of it');
  expect(reasons).toEqual(['AbortError']);
});

test('serve resolves when the callers are gone and what was taken is answered', async () => {
  const [caller, responder] = open(2);
  const other = caller.clone();
  opened.push(other);
  let finish!: (value: string) => void;
  let isServed = false;
  const served = responder
    .serve(() => new Promise((resolve) => (finish = resolve)))
    .then(() => (isServed = true));
  const ticket = transfer(other);
  const call = caller.call(1);
  await until(() => finish !== undefined, 'it is taken');
  revoke(ticket);
  finish('done');
  expect(await call).toBe('done');
  expect(isServed).toBe(false);
  caller.close();
  await served;
});

test('close of a responder stops taking: serve resolves once what was taken is answered', async () => {
  const [caller, responder] = open(8);
  const second = responder.clone();
  opened.push(second);
  const finishes: ((value: string) => void)[] = [];
  const served = responder.serve(() => new Promise((resolve) => finishes.push(resolve)));
  const calls = ['first', 'second'].map((value) => caller.call(value));
  await until(() => finishes.length === 1, 'it has one');
  responder.close();
  finishes[0]?.('answered');
  await served;
  expect(await calls[0]).toBe('answered');
  expect(second.tryRecv()?.reply('by the other')).toBe(true);
  expect(await calls[1]).toBe('by the other');
});

test('callSync: a time limit, and what could never be answered', () => {
  const [caller, responder] = open(2);
  expect(caller.callSync('nobody', { timeout: 1 })).toBeUndefined();
  expect(caller.stats()).toMatchObject({ length: 0, discarded: 1 });
  expect(() => caller.callSync('nobody')).toThrow(/never be answered/);
  void responder.recv().catch(() => {});
  expect(() => caller.callSync('handed to this thread')).toThrow(ChannelStateError);
});

test('a responder is a case of select', async () => {
  const [caller, responder] = open(2);
  const selected = select({ responder });
  const call = caller.call('asked');
  const op = await selected;
  expect([op.key, op.closed]).toEqual(['responder', false]);
  op.value?.reply('chosen');
  expect(await call).toBe('chosen');
  caller.close();
  expect(trySelect({ responder })).toEqual({ key: 'responder', closed: true });
});

test('ends are transferred, with their codecs, and reusably', async () => {
  const [caller, responder] = open(8, { request: upper, response: 'f64', label: 'counts' });
  const tickets = structuredClone(transfer({ caller, responder }, { reusable: true }));
  expect(() => attach(tickets)).toThrow(/upper/);
  const [first, second] = [1, 2].map(() => attach(tickets, { codecs: [upper] }));
  for (const end of [...Object.values(first!), ...Object.values(second!)]) opened.push(end);
  expect(inspect()[0]).toMatchObject({
    flavor: 'rpc',
    label: 'counts',
    inFlight: 0,
    senders: 3,
    receivers: 3,
  });
  const call = first!.caller.call('three');
  const request = second!.responder.tryRecv();
  expect(request?.value).toBe('THREE');
  request?.reply(3);
  expect(await call).toBe(3);
  expect(revoke(tickets)).toBe(2);
});

test('an end with a pending wait, or served, is not transferred', async () => {
  const [caller, responder] = open(8);
  const call = caller.call(1);
  expect(() => transfer(caller)).toThrow(ChannelStateError);
  void responder.serve(() => new Promise(() => {}));
  expect(() => transfer(responder)).toThrow(ChannelStateError);
  caller.close();
  await expect(call).rejects.toBeInstanceOf(ChannelStateError);
  expect(() => structuredClone(responder)).toThrow(/cannot be cloned/);
});

test('a request that cannot be read is answered with the error that its receive throws', async () => {
  const broken: Codec<string> = {
    ...upper,
    decode() {
      throw new Error('broken');
    },
  };
  const [caller, responder] = open(8, { request: broken });
  const calls = [1, 2].map(() => caller.call('x').catch((error: unknown) => error));
  await expect(responder.recv()).rejects.toMatchObject({ code: 'ERR_CHANNEL_CODEC' });
  void responder.serve(() => 'never');
  for (const call of calls) expect(await call).toMatchObject({ code: 'ERR_CHANNEL_CODEC' });
});

test('an answer that cannot be read rejects with the error, and the calls beside it settle', async () => {
  const broken: Codec<string> = {
    ...upper,
    decode(bytes) {
      // A codec may use any channel.
      const [other, others] = rpc<string, string>(1);
      void other.call('inside').catch(() => {});
      others.tryRecv()?.reply('inside');
      other.close();
      others.close();
      if (bytes.length === 3) throw new Error('broken');
      return upper.decode(bytes);
    },
  };
  const [caller, responder] = open(8, { response: broken });
  const calls = ['four', 'one', 'three'].map((value) => caller.call(value).catch((error: Error) => error));
  void responder.serve((value) => value);
  const answers = await Promise.all(calls);
  expect(answers).toEqual(['FOUR', expect.any(ChannelCodecError), 'THREE']);
});

test('handlers run in the async context of the call of serve', async () => {
  const storage = new AsyncLocalStorage<string>();
  const [caller, responder] = open(8);
  storage.run('the server', () => void responder.serve(async (value) => `${storage.getStore()} ${value}`));
  await storage.run('the caller', async () => {
    expect(await caller.call(1)).toBe('the server 1');
    expect(storage.getStore()).toBe('the caller');
    expect(await Promise.all([2, 3].map((value) => caller.call(value)))).toEqual([
      'the server 2',
      'the server 3',
    ]);
  });
});

test('arguments are read strictly', async () => {
  for (const capacity of [0, -1, 1.5, 2 ** 23 + 1, Number.NaN])
    expect(() => rpc(capacity)).toThrow(RangeError);
  expect(() => rpc('1' as never)).toThrow(TypeError);
  expect(() => rpc(1, { codec: 'json' } as never)).toThrow(TypeError);
  expect(() => rpc(1, { label: 1 } as never)).toThrow(TypeError);
  expect(() => rpc(1, { request: 'jsn' } as never)).toThrow(TypeError);
  const [caller, responder] = open(1);
  await expect(responder.serve(undefined as never)).rejects.toThrow(TypeError);
  await expect(responder.serve(() => 1, { concurrency: 0 })).rejects.toThrow(RangeError);
  const { call } = { call: (value: unknown) => caller.call(value) };
  await expect(call(undefined)).rejects.toThrow(TypeError);
  await expect(caller.call(1, { timeout: -1 })).rejects.toThrow(RangeError);
  expect(() => caller.callSync(1, { signal: AbortSignal.abort() } as never)).toThrow(TypeError);
  caller.close();
  expect(() => caller.clone()).toThrow(ChannelStateError);
  await responder.serve(() => 1);
  responder.close();
  await expect(responder.serve(() => 1)).rejects.toThrow(ChannelStateError);
});
