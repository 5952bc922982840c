// Errors that travel: of every sort, within a thread and from another, each arrives as it was.
import { createRequire } from 'node:module';
import { inspect } from 'node:util';
import {
  bounded,
  ChannelClosedError,
  ChannelCodecError,
  ChannelFailedError,
  rpc,
  type SoleReceiver,
  spawn,
} from 'millrace';
import { beforeAll, describe, expect, test } from 'vitest';
import { failureOf } from '../misuse';

const makers = createRequire(import.meta.url)('./fixtures/makers.cjs') as Record<string, () => unknown>;

type Caught = (name: string) => unknown;
const fromWorker = new Map<string, unknown>();

/** What a receiver of a failed channel is given as the cause. */
async function causeOf(rx: SoleReceiver<unknown>): Promise<unknown> {
  const error = await failureOf(() => rx.recv());
  expect(error).toBeInstanceOf(ChannelFailedError);
  expect(Object.hasOwn(error as object, 'cause')).toBe(true);
  rx.close();
  return (error as Error).cause;
}

beforeAll(async () => {
  const channels = Object.keys(makers).map((name) => ({ name, ends: bounded(1) }));
  const senders = new Map(channels.map(({ name, ends: [tx] }) => [name, tx]));
  spawn(new URL('fixtures/fails.cjs', import.meta.url), senders);
  for (const { name, ends } of channels) fromWorker.set(name, await causeOf(ends[1]));
});

const here = async (name: string): Promise<unknown> => {
  const [tx, rx] = bounded(1);
  tx.fail(makers[name]?.());
  tx.close();
  return causeOf(rx);
};

/** What a sender is told whose channel was cancelled. */
const cancelled = async (name: string): Promise<unknown> => {
  const [tx, rx] = bounded(1);
  rx.cancel(makers[name]?.());
  const error = await failureOf(() => tx.trySend(new Uint8Array(1)));
  expect(error).toBeInstanceOf(ChannelClosedError);
  for (const end of [tx, rx]) end.close();
  return (error as Error).cause;
};

/** What a call is rejected with. */
const called = async (name: string): Promise<unknown> => {
  const [caller, responder] = rpc<string, string>(1);
  const call = caller.call(name).then(
    () => expect.fail('it was answered'),
    (error: unknown) => error,
  );
  responder.recvSync().fail(makers[name]?.());
  const error = await call;
  for (const end of [caller, responder]) end.close();
  return error;
};

describe.each<[string, Caught]>([
  ['within a thread', here],
  ['as the reason of a cancel', cancelled],
  ['as what a call is answered with', called],
  ['from another thread', (name) => fromWorker.get(name)],
])('%s', (_, caught) => {
  const shape = (error: Error) => [
    Object.getPrototypeOf(error),
    error.name,
    error.message,
    Object.keys(error),
  ];

  test.each(['Error', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError'])(
    '%s keeps its class, name, message and stack',
    async (name) => {
      const error = (await caught(name)) as Error;
      expect(shape(error)).toEqual(shape(makers[name]!() as Error));
      expect(error.stack).toContain('makers.cjs');
      expect(error.stack).toMatch(new RegExp(`^${name}: as made\n`));
    },
  );

  test('one of a class of its own has the nearest class that is built in, its name, code and what can be cloned', async () => {
    const error = (await caught('own')) as Error & { code: string; detail: unknown };
    expect(Object.getPrototypeOf(error)).toBe(RangeError.prototype);
    expect([error.name, error.message, error.code]).toEqual(['Own', 'of my own', 'E_OWN']);
    expect(error.detail).toEqual({ at: [1, 2], when: new Date(0) });
    expect(Object.keys(error).sort()).toEqual(['detail', 'name']);
    expect(error.cause).toBeInstanceOf(TypeError);
  });

  test('codes and other own properties', async () => {
    const error = await caught('coded');
    expect(error).toEqual(makers['coded']!());
    expect(Object.keys(error as object)).toEqual(['code', 'errno', 'path']);
    expect(Object.getOwnPropertyDescriptor(error, 'message')).toMatchObject({ enumerable: false });
  });

  test('causes, of which what cannot be cloned is a text', async () => {
    const error = (await caught('cause')) as Error;
    expect(error.cause).toBeInstanceOf(RangeError);
    expect((error.cause as Error).cause).toBe('a text');
    expect(((await caught('uncloneable cause')) as Error).cause).toMatch(/\[Function/);
  });

  test('causes eight deep', async () => {
    for (const [name, top] of [
      ['eight', 8],
      ['twelve', 12],
    ] as const) {
      const messages: string[] = [];
      for (let at: unknown = await caught(name); at instanceof Error; at = at.cause)
        messages.push(at.message);
      expect(messages).toEqual(Array.from({ length: 9 }, (_, below) => `level ${top - below}`));
    }
  });

  test('a circle stays a circle', async () => {
    const one = (await caught('circle')) as Error;
    expect(one.cause).toBeInstanceOf(TypeError);
    expect((one.cause as Error).cause).toBe(one);
  });

  test('an aggregate with its errors', async () => {
    const error = (await caught('aggregate')) as AggregateError;
    expect(error).toBeInstanceOf(AggregateError);
    expect(error.message).toBe('all of them');
    expect(error.errors[0]).toBeInstanceOf(TypeError);
    expect(error.errors.slice(1)).toEqual(['second', 'Symbol(third)']);
  });

  test.each(['abort', 'clone'])('a DOMException by its name: %s', async (name) => {
    const error = (await caught(name)) as DOMException;
    const made = makers[name]!() as DOMException;
    expect(error).toBeInstanceOf(DOMException);
    expect([error.name, error.message, error.code]).toEqual([made.name, made.message, made.code]);
    expect(error.stack).toContain('makers.cjs');
  });

  test('getters that throw are left out, a proxy that does is looked through as far as it lets', async () => {
    const error = await caught('getters');
    expect(shape(error as Error)).toEqual([Error.prototype, 'Error', 'kept', ['good']]);
    expect(((await caught('hostile')) as Error).message ?? (await caught('hostile'))).toContain(
      'behind a proxy',
    );
  });

  test("millrace's own keep their class, and what they carry", async () => {
    const error = (await caught('millrace')) as ChannelCodecError;
    expect(error).toBeInstanceOf(ChannelCodecError);
    expect(Object.getPrototypeOf(error)).toBe(ChannelCodecError.prototype);
    expect([error.code, error.message]).toEqual(['ERR_CHANNEL_CODEC', 'no such thing']);
    expect(error.bytes).toEqual(Uint8Array.of(1, 2));
    expect(error.cause).toEqual(new Error('why'));
  });

  test('one made without new has its class, and no stack of ours', async () => {
    const error = (await caught('an old sort')) as Error;
    expect(error).toBeInstanceOf(TypeError);
    // A call has its caller's.
    const stack = error.stack!.replace(/\n {4}at [^]*\n {4}--- in the responder ---$/, '');
    expect([error.message, stack]).toEqual(['without new', 'TypeError: without new']);
  });

  test('other values travel as they are, and what cannot is its text', async () => {
    for (const name of ['text', 'null', 'undefined', 'object'])
      expect(await caught(name)).toEqual(makers[name]!());
    for (const name of ['object with a method', 'symbol']) {
      expect(await caught(name)).toBe(inspect(makers[name]!()));
    }
  });
});

test('each error is made anew when it is thrown, and changing one changes no other', async () => {
  const [tx, rx] = bounded(1);
  tx.fail(new Error('once'));
  const [one, other] = [await failureOf(() => rx.recv()), await failureOf(() => rx.recv())] as Error[];
  expect(one).not.toBe(other);
  (one!.cause as Error).message = 'changed';
  expect((other!.cause as Error).message).toBe('once');
  tx.close();
  rx.close();
});

test('what a thread shows of its errors is nothing that it shares: bytes are copied', async () => {
  const [tx, rx] = bounded(1);
  const bytes = Uint8Array.of(1, 2, 3);
  tx.fail(Object.assign(new Error('with bytes'), { bytes }));
  bytes.fill(0);
  expect(((await causeOf(rx)) as { bytes: Uint8Array }).bytes).toEqual(Uint8Array.of(1, 2, 3));
  tx.close();
});
