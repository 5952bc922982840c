// What a message of a channel with `context: true` carries, where the code behind a receive finds it, and what is refused.
import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as turn } from 'node:timers/promises';

import {
  ChannelCodecError,
  type Codec,
  attach,
  bounded,
  broadcast,
  carry,
  messageContexts,
  rpc,
  traceparent,
  transfer,
  unbounded,
} from 'millrace';
import { describe, expect, test } from 'vitest';

import { refusedType } from '../misuse';

const id = new AsyncLocalStorage<string>();
carry('id', id);
const text = { codec: 'text', context: true } as const;
const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** Runs in the context of the caller, and leaves that as it is. */
const task = <R>(work: () => R): R => AsyncLocalStorage.snapshot()(work);

describe('the code behind a receive', () => {
  test('has the context of the message, whether that was there or had to be waited for', () =>
    task(async () => {
      const [tx, rx] = bounded(8, text);
      id.run('ready', () => tx.trySend('one'));
      expect([await rx.recv(), id.getStore()]).toEqual(['one', 'ready']);
      void turn().then(() => id.run('waited for', () => tx.trySend('two')));
      expect([await rx.recv(), id.getStore()]).toEqual(['two', 'waited for']);
      tx.close();
      rx.close();
    }));

  test('keeps the one before until the message is there, and where none comes', () =>
    task(async () => {
      const [tx, rx] = bounded(8, text);
      id.run('first', () => tx.trySend('one'));
      await rx.recv();
      const pending = rx.recv({ timeout: 1 });
      expect(id.getStore()).toBe('first');
      expect([await pending, id.getStore()]).toEqual([undefined, 'first']);
      expect([rx.tryRecv(), id.getStore()]).toEqual([undefined, 'first']);
      tx.close();
      await expect(rx.recv()).rejects.toThrow();
      expect(id.getStore()).toBe('first');
      rx.close();
    }));

  test('has what it had itself where the sender had nothing, not what another message brought', () =>
    id.run('own', async () => {
      const [tx, rx] = bounded(8, text);
      id.run('first', () => tx.trySend('one'));
      id.run(undefined as never, () => tx.trySend('two'));
      await rx.recv();
      expect(id.getStore()).toBe('first');
      await rx.recv();
      expect(id.getStore()).toBe('own');
      tx.close();
      rx.close();
    }));

  test('is not that of whoever called it by a snapshot, and a `run` within is its own', () =>
    task(async () => {
      const [tx, rx] = bounded(8, text);
      const received = AsyncLocalStorage.snapshot()(async () => {
        const pending = rx.recv();
        expect(id.run('within', () => id.getStore())).toBe('within');
        await pending;
        expect(id.run('within', () => id.getStore())).toBe('within');
        return id.getStore();
      });
      expect(id.getStore()).toBeUndefined();
      id.run('sent', () => tx.trySend('one'));
      expect(await received).toBe('sent');
      expect(id.getStore()).toBeUndefined();
      tx.close();
      rx.close();
    }));

  test('reads in it too: a codec of the caller finds the context of the call', () =>
    task(async () => {
      const seen: unknown[] = [];
      const codec: Codec<string> = {
        name: 'seen',
        encode: (value) => Buffer.from(value),
        decode: (bytes) => {
          seen.push(id.getStore());
          return Buffer.from(bytes).toString();
        },
      };
      const [tx, rx] = bounded(8, { codec, context: true });
      id.run('read', () => tx.trySend('one'));
      expect(await rx.recv()).toBe('one');
      expect(id.getStore()).toBe('read');
      expect(seen).toHaveLength(1);
      tx.close();
      rx.close();
    }));

  test('of many messages has their context where it is one, and messageContexts() has each', () =>
    task(async () => {
      const [tx, rx] = unbounded(text);
      id.run('same', () => tx.trySendMany(['one', 'two']));
      expect([rx.tryRecvMany(8), id.getStore()]).toEqual([['one', 'two'], 'same']);
      id.run('a', () => tx.trySend('three'));
      id.run('b', () => traceparent.run(parent, () => tx.trySend('four')));
      expect(await rx.recvMany(8)).toEqual(['three', 'four']);
      expect([id.getStore(), traceparent.getStore()]).toEqual([undefined, undefined]);
      const contexts = messageContexts();
      expect(contexts.map((context) => context.run(() => id.getStore()))).toEqual(['a', 'b']);
      expect(contexts.map((context) => context.traceparent)).toEqual([undefined, parent]);
      expect(contexts[1]!.run(() => traceparent.getStore())).toBe(parent);
      expect(id.getStore()).toBeUndefined();
      tx.close();
      rx.close();
    }));

  test('keeps nothing of the messages before the last', async () => {
    const [tx, rx] = bounded(8, { codec: 'f64', context: true });
    const held = new AsyncLocalStorage<object>();
    const gone: WeakRef<object>[] = [];
    carry('held', held, {
      inject: () => 1,
      extract: () => {
        const value = {};
        gone.push(new WeakRef(value));
        return value;
      },
    });
    await task(async () => {
      for (let count = 0; count < 200; count += 1) {
        held.run({}, () => tx.trySend(count));
        await rx.recv();
      }
      await turn();
      globalThis.gc?.();
      await turn();
      globalThis.gc?.();
      const kept = gone.filter((reference) => reference.deref() !== undefined).length;
      if (globalThis.gc !== undefined) expect(kept).toBeLessThan(20);
    });
    tx.close();
    rx.close();
  });
});

describe('what is carried', () => {
  test('is what structured clone carries, or what inject and extract make of it', () =>
    task(async () => {
      const user = new AsyncLocalStorage<Map<string, Date>>();
      const named = new AsyncLocalStorage<{ name: string; log(): string }>();
      carry('user', user);
      carry('named', named, {
        inject: ({ name }) => name,
        extract: (name: string) => ({ name, log: () => `log of ${name}` }),
      });
      const [tx, rx] = bounded(8, text);
      const since = new Map([['since', new Date(0)]]);
      user.run(since, () => named.run({ name: 'n', log: () => '' }, () => tx.trySendMany(['one', 'two'])));
      await rx.recv();
      expect(user.getStore()).toEqual(since);
      expect(user.getStore()).not.toBe(since);
      const first = named.getStore();
      expect(first?.log()).toBe('log of n');
      await rx.recv();
      expect(named.getStore()).not.toBe(first);
      tx.close();
      rx.close();
    }));

  test('is read when the message is sent', () =>
    task(async () => {
      const state = new AsyncLocalStorage<{ step: number }>();
      carry('state', state);
      const [tx, rx] = bounded(8, text);
      const value = { step: 1 };
      state.run(value, () => {
        tx.trySend('one');
        value.step = 2;
        tx.trySend('two');
      });
      await rx.recv();
      expect(state.getStore()).toEqual({ step: 1 });
      await rx.recv();
      expect(state.getStore()).toEqual({ step: 2 });
      tx.close();
      rx.close();
    }));

  test.each([
    '',
    'x',
    parent.toUpperCase(),
    parent.replace('00-', 'ff-'),
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
  ])('has no trace parent where %j was none', (wrong) =>
    task(async () => {
      const [tx, rx] = bounded(8, text);
      traceparent.run(wrong, () => tx.trySend('one'));
      await rx.recv();
      expect(messageContexts()[0]?.traceparent).toBeUndefined();
      tx.close();
      rx.close();
    }),
  );

  test('goes before messages of any length, and bytes stay what they are', () =>
    task(async () => {
      const [tx, rx] = unbounded({ context: true });
      for (const length of [0, 1, 63, 64, 65, 4000, 4096, 70_000, 2 ** 20, 2 ** 20 + 1]) {
        const bytes = new Uint8Array(length).fill(7);
        id.run(`of ${length}`, () => tx.trySend(bytes));
        const received = (await rx.recv()) as Uint8Array;
        expect(Buffer.compare(received, bytes)).toBe(0);
        expect(received.byteOffset % 8).toBe(0);
        expect(id.getStore()).toBe(`of ${length}`);
      }
      tx.close();
      rx.close();
    }));

  test('that cannot be cloned, or is too long, is the error of the send, and nothing is sent', () =>
    task(() => {
      const bad = new AsyncLocalStorage<unknown>();
      carry('bad', bad);
      const [tx, rx] = bounded(8, text);
      bad.run(
        () => {},
        () => expect(() => tx.trySend('one')).toThrow(ChannelCodecError),
      );
      bad.run('x'.repeat(5000), () => expect(() => tx.trySend('one')).toThrow(/4080 are the most/));
      const failing = new AsyncLocalStorage<string>();
      carry('bad', failing, {
        inject: () => {
          throw new RangeError('not this');
        },
        extract: () => '',
      });
      failing.run('x', () => expect(() => tx.trySend('one')).toThrow(/'bad' could not encode.*not this/));
      expect(rx.length).toBe(0);
      carry('bad', failing, {
        inject: () => 'x',
        extract: () => {
          throw new RangeError('nor that');
        },
      });
      failing.run('x', () => tx.trySend('one'));
      tx.trySend('two');
      expect(() => rx.tryRecv()).toThrow(/nor that/);
      expect(rx.tryRecv()).toBe('two');
      tx.close();
      rx.close();
    }));
});

describe('without the option', () => {
  test('a message is as long as it was, whatever is carried', () => {
    const sixtyFour = new Uint8Array(64);
    for (const [options, bytes] of [
      [{}, 64],
      [{ context: true }, 72],
    ] as const) {
      const [tx, rx] = bounded(8, options);
      tx.trySend(sixtyFour);
      expect(rx.stats().bytes).toBe(bytes);
      tx.close();
      rx.close();
    }
    const [tx, rx] = bounded(8, {});
    id.run('carried', () => tx.trySend(sixtyFour));
    expect(rx.stats().bytes).toBe(64);
    tx.close();
    rx.close();
  });

  test('the code behind a receive has the context that it had', () =>
    task(() =>
      id.run('own', async () => {
        const [tx, rx] = bounded(8, { codec: 'text' });
        id.run('sent', () => tx.trySend('one'));
        await rx.recv();
        expect(id.getStore()).toBe('own');
        expect(messageContexts()).toEqual([]);
        tx.close();
        rx.close();
      }),
    ));
});

describe('what is refused', () => {
  test.each(['bounded', 'unbounded', 'broadcast', 'rpc'])('another context than a boolean: %s', (name) => {
    const make = {
      bounded: (o: never) => bounded(1, o),
      unbounded: (o: never) => unbounded(o),
      broadcast: (o: never) => broadcast(1, o),
      rpc: (o: never) => rpc(1, o),
    }[name]!;
    expect(() => make({ context: 1 } as never)).toThrow(
      expect.objectContaining(refusedType('options.context', 'a boolean', 'type number (1)')),
    );
  });

  test('verbs that show the bytes of a message as they lie in memory', async () => {
    const [tx, rx] = bounded(8, { context: true });
    const [plainTx, plainRx] = bounded(8);
    const target = new Uint8Array(8);
    const refused = expect.objectContaining({
      code: 'ERR_INVALID_ARG_VALUE',
      message: expect.stringContaining("'context'"),
    });
    expect(() => tx.sendRef(8)).toThrow(refused);
    expect(() => rx.tryRecvRef()).toThrow(refused);
    expect(() => rx.recvRefSync()).toThrow(refused);
    expect(() => rx.tryRecvInto(target)).toThrow(refused);
    expect(() => rx.recvIntoSync(target)).toThrow(refused);
    expect(() => rx.refs()).toThrow(refused);
    expect(() => tx.trySend(target, { transfer: true })).toThrow(refused);
    expect(() => tx.sendSync(target, { transfer: true })).toThrow(refused);
    await expect(tx.send(target, { transfer: true })).rejects.toEqual(refused);
    await expect(rx.recvRef()).rejects.toEqual(refused);
    await expect(rx.recvInto(target)).rejects.toEqual(refused);
    plainTx.trySend(target);
    using ref = plainRx.tryRecvRef()!;
    expect(() => ref.tryForward(tx)).toThrow(refused);
    for (const end of [tx, rx, plainTx, plainRx]) end.close();
  });

  test.each([
    ['a name of another type', [1, id]],
    ['an empty name', ['', id]],
    ['the name of the trace parent', ['traceparent', new AsyncLocalStorage()]],
    ['the trace parent', ['parent', traceparent]],
    ['another thing than a storage', ['thing', {}]],
    ['half of a way to carry it', ['half', new AsyncLocalStorage(), { inject: () => 1 }]],
    ['an unknown way to carry it', ['odd', new AsyncLocalStorage(), { encode: () => 1 }]],
  ])('by carry: %s', (_, given) => {
    expect(() => carry(...(given as [string, AsyncLocalStorage<unknown>]))).toThrow(TypeError);
  });
});

test('ends that were cloned or came by a ticket carry it as well', () =>
  task(async () => {
    const [tx, rx] = bounded(8, text);
    const sender = attach(transfer(tx.clone()));
    const receiver = attach(transfer(rx.clone()));
    id.run('over', () => sender.trySend('one'));
    await receiver.recv();
    expect(id.getStore()).toBe('over');
    for (const end of [tx, rx, sender, receiver]) end.close();
  }));
