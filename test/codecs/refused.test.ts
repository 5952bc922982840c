// What a codec cannot carry whole is refused when it is sent: a handle in 'json', a WebAssembly.Module in 'structured'.
import {
  after,
  bounded,
  broadcast,
  channel,
  ChannelCodecError,
  ChannelFailedError,
  rpc,
  type Sender,
  tripleBuffer,
  unbounded,
  watch,
} from 'millrace';
import { describe, expect, test } from 'vitest';

import { failureOf } from '../misuse';

/** Every way to send one value. */
const sends: [string, (tx: Sender<unknown>, value: unknown) => unknown][] = [
  ['trySend', (tx, value) => tx.trySend(value)],
  ['send', (tx, value) => tx.send(value)],
  ['send with a timeout', (tx, value) => tx.send(value, { timeout: 0 })],
  ['sendSync', (tx, value) => tx.sendSync(value)],
  ['trySendMany', (tx, value) => tx.trySendMany(['good', value])],
  ['sendMany', (tx, value) => tx.sendMany(['good', value])],
  ['sendManySync', (tx, value) => tx.sendManySync(['good', value])],
  ['batch', (tx, value) => tx.batch().trySend(value)],
];

/** Where in a value a thing may be. */
const places: [string, (thing: unknown) => unknown][] = [
  ['by itself', (thing) => thing],
  ['in an object', (thing) => ({ a: 1, thing })],
  ['deep', (thing) => ({ list: [[1, { thing }], 2] })],
  ['as an element', (thing) => [0, thing, 2]],
];

describe('json', () => {
  const [tx, rx] = bounded(1);
  tx.trySend(new Uint8Array(8));
  const [sole] = [channel()[1]];
  const things: [string, unknown][] = [
    ['a Sender', tx],
    ['a Receiver', rx],
    ['a SoleReceiver', sole],
    ['an Input', tripleBuffer({ byteLength: 8 })[0]],
    ['an Output', tripleBuffer({ byteLength: 8 })[1]],
    ['a BroadcastSender', broadcast(1)[0]],
    ['a BroadcastReceiver', broadcast(1)[1]],
    ['a WatchSender', watch()[0]],
    ['a WatchReceiver', watch()[1]],
    ['a Caller', rpc(1)[0]],
    ['a Responder', rpc(1)[1]],
    ['a timer', after(0)],
    ['a SendRef', tx.sendRef(8)],
    ['a RecvRef', rx.tryRecvRef()],
    ['a BatchWriter', unbounded()[0].batch()],
  ];
  test.each(things)('refuses %s anywhere in a value, and is what it was elsewhere', async (_, thing) => {
    const [out, into] = bounded(8, { codec: 'json' });
    for (const [place, put] of places) {
      const error = await failureOf(() => out.trySend(put(thing)));
      expect(error, place).toBeInstanceOf(ChannelCodecError);
      expect((error as Error).message, place).toMatch(/JSON cannot carry a \w+: post transfer\(handle\)/);
    }
    expect(out.stats()).toMatchObject({ sent: 0, length: 0 });
    expect(JSON.stringify({ thing })).toBe('{"thing":{}}');
    out.close();
    into.close();
  });

  test.each(sends)('%s of a handle sends nothing', async (_, send) => {
    const [out, into] = bounded(8, { codec: 'json' });
    expect(await failureOf(() => send(out, { tx }))).toBeInstanceOf(ChannelCodecError);
    expect(out.stats()).toMatchObject({ sent: 0, length: 0, waitingSenders: 0 });
    expect(out.trySend('good')).toBe(true);
    expect(into.tryRecv()).toBe('good');
    out.close();
    into.close();
  });
});

describe('structured', () => {
  const { Module } = (globalThis as unknown as { WebAssembly: { Module: new (code: Uint8Array) => object } })
    .WebAssembly;
  const code = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
  const module = new Module(code);
  const circle: Record<string, unknown> = { module };
  circle['self'] = circle;
  class Holder {
    held = module;
  }
  const more: typeof places = [
    ['as the key of a Map', (thing) => new Map([[thing, 1]])],
    ['as the value of a Map', (thing) => new Map([['a', thing]])],
    ['in a Set', (thing) => new Set([thing])],
    ['as the cause of an error', (thing) => new Error('with a cause', { cause: thing })],
    ['in an object of a class', () => new Holder()],
    ['in an object without a prototype', (thing) => Object.assign(Object.create(null) as object, { thing })],
    ['in a circle', () => circle],
    ['at the end of a long array', (thing) => [...Array.from({ length: 5000 }, (_, at) => at), thing]],
    ['in a sparse array', (thing) => Object.assign([], { 100_000: thing })],
    ['as a named property of an array', (thing) => Object.assign([1], { thing })],
    ['with parts of its own', () => Object.assign(new Module(code), { part: { a: 1 } })],
    ['behind a getter', (thing) => Object.defineProperty({}, 'a', { get: () => thing, enumerable: true })],
  ];
  const refusal = /'structured' could not encode a value: a WebAssembly\.Module cannot be carried/;

  test.each([...places, ...more])('refuses a module %s', async (_, put) => {
    const [out, into] = bounded(8, { codec: 'structured' });
    const error = await failureOf(() => out.trySend(put(module)));
    expect(error).toBeInstanceOf(ChannelCodecError);
    expect((error as Error).message).toMatch(refusal);
    expect(out.stats()).toMatchObject({ sent: 0, length: 0 });
    out.close();
    into.close();
  });

  test.each(sends)('%s of a module sends nothing', async (_, send) => {
    const [out, into] = bounded(8, { codec: 'structured' });
    expect(await failureOf(() => send(out, { module }))).toMatchObject({ code: 'ERR_CHANNEL_CODEC' });
    expect(out.stats()).toMatchObject({ sent: 0, length: 0, waitingSenders: 0 });
    expect(out.trySend({ good: [1] })).toBe(true);
    expect(into.tryRecv()).toEqual({ good: [1] });
    out.close();
    into.close();
  });

  test('what only bears the name of a module is carried', () => {
    const [out, into] = bounded<object>(1, { codec: 'structured' });
    const named = Object.defineProperty({ a: 1 }, Symbol.toStringTag, { value: 'WebAssembly.Module' });
    out.trySend(named);
    expect(into.tryRecv()).toEqual({ a: 1 });
    out.close();
    into.close();
  });

  test('an error that travels with a module arrives, the module as its text', async () => {
    const [out, into] = bounded(1, { codec: 'text' });
    out.fail(Object.assign(new Error('cannot start'), { cause: module, module, code: 'E_START' }));
    const error = await failureOf(() => into.recv());
    expect(error).toBeInstanceOf(ChannelFailedError);
    expect((error as Error).cause).toMatchObject({ message: 'cannot start', code: 'E_START' });
    expect(String(((error as Error).cause as Error).cause)).toContain('Module');
    out.close();
    into.close();
  });

  test('a call and its reply refuse it', async () => {
    const [caller, responder] = rpc<object | string, object | string>(1);
    expect(await failureOf(() => caller.call(module))).toMatchObject({ code: 'ERR_CHANNEL_CODEC' });
    const answer = caller.call('a module, please');
    const request = await responder.recv();
    expect(await failureOf(() => request.reply({ module }))).toMatchObject({ code: 'ERR_CHANNEL_CODEC' });
    request.reply('none');
    expect(await answer).toBe('none');
    caller.close();
    responder.close();
  });
});
