// Bad arguments of the verbs for many, of refs and tickets, and bad waits of select: the documented error, word for word, and nothing lost by it.
import {
  after,
  attach,
  type BytesLike,
  channel,
  revoke,
  select,
  type Sender,
  selectSync,
  sending,
  syncChannel,
  transfer,
} from 'millrace';
import { describe, expect, test } from 'vitest';

import { expectUnharmed, goOnWith, rx, tx, useChannelOfOne } from '../channel-of-one';
import { failureOf, refusedKey, refusedRange, refusedText, refusedType, spent, verbIn } from '../misuse';

const bytes = Uint8Array.of(9);

useChannelOfOne();

type Row = [given: string, value: unknown, error: object];

describe('max', () => {
  const number = (received: string) => refusedType('max', 'a number of messages', received);
  const range = (received: string) => refusedRange('max', 'an integer, 1 or more', received);
  const wrong: Row[] = [
    ['nothing', undefined, number('undefined')],
    ['null', null, number('null')],
    ["'8'", '8', number("type string ('8')")],
    ['8n', 8n, number('type bigint (8n)')],
    ['true', true, number('type boolean (true)')],
    ['a wait in its place', { timeout: 1 }, number('an instance of Object')],
    ['[8]', [8], number('an instance of Array')],
    ...[0, -1, 1.5, NaN, Infinity, -Infinity].map((max): Row => [String(max), max, range(String(max))]),
  ];
  const verbs: [string, (max: never) => unknown][] = [
    ['tryRecvMany', (max) => rx.tryRecvMany(max)],
    ['recvMany', (max) => rx.recvMany(max)],
    ['recvManySync', (max) => rx.recvManySync(max)],
    ['batches', (max) => rx.batches(max)],
  ];
  describe.each(verbs)('of %s', (_, verb) => {
    test.each(wrong)('%s', async (__, max, error) => {
      expect(await failureOf(() => verb(max as never))).toMatchObject(error);
      expectUnharmed();
    });

    test('may be as large as integers are', async () => {
      await verb((2 ** 53) as never);
    });
  });

  test.each(wrong)('of the verbs of a timer: %s', async (_, max, error) => {
    const timer = after(0);
    for (const verb of ['tryRecvMany', 'recvMany', 'recvManySync', 'batches'] as const) {
      expect(await failureOf(() => timer[verb](max as never)), verb).toMatchObject(error);
    }
    timer.close();
  });
});

describe('wait', () => {
  const awaiting: [string, (wait: never) => unknown][] = [
    ['sendMany', (wait) => tx.sendMany([bytes], wait)],
    ['recvMany', (wait) => rx.recvMany(2, wait)],
    ['recvRef', (wait) => rx.recvRef(wait)],
    ['SendRef.send', (wait) => tx.sendRef(1).send(1, wait)],
  ];
  const blocking: [string, (wait: never) => unknown][] = [
    ['sendManySync', (wait) => tx.sendManySync([bytes], wait)],
    ['recvManySync', (wait) => rx.recvManySync(2, wait)],
    ['recvRefSync', (wait) => rx.recvRefSync(wait)],
    ['SendRef.sendSync', (wait) => tx.sendRef(1).sendSync(1, wait)],
  ];
  const choosing: [string, (wait: never) => unknown][] = [
    ['select', (wait) => select({ rx, out: sending(tx, bytes) }, wait)],
    ['selectSync', (wait) => selectSync({ rx, out: sending(tx, bytes) }, wait)],
  ];
  const object = (received: string) => refusedType('wait', 'an object', received);
  const time = (received: string) => refusedType('wait.timeout', 'a number of milliseconds', received);
  const wrong: Row[] = [
    ['null', null, object('null')],
    ['5', 5, object('type number (5)')],
    ['[]', [], object('an instance of Array')],
    ["timeout: '5'", { timeout: '5' }, time("type string ('5')")],
    ['timeout: null', { timeout: null }, time('null')],
    ...[NaN, -1, -Infinity].map((timeout): Row => [
      `timeout: ${timeout}`,
      { timeout },
      refusedRange('wait.timeout', '0 or more milliseconds', String(timeout)),
    ]),
  ];
  const unknownKey = (keys: string, key: string) => refusedKey('wait', keys, key);
  const signal = (received: string) => refusedType('wait.signal', 'an AbortSignal', received);

  describe.each([...awaiting, ...blocking, ...choosing])('of %s', (_, verb) => {
    test.each(wrong)('%s', async (__, wait, error) => {
      expect(await failureOf(() => verb(wait as never))).toMatchObject(error);
      expectUnharmed();
    });
  });

  test.each(awaiting)('%s: wrong signals and unknown keys', async (_, verb) => {
    expect(await failureOf(() => verb({ signal: {} } as never))).toMatchObject(
      signal('an instance of Object'),
    );
    expect(await failureOf(() => verb({ signal: null } as never))).toMatchObject(signal('null'));
    const biased = unknownKey('signal, timeout', 'biased');
    expect(await failureOf(() => verb({ biased: true } as never))).toMatchObject(biased);
    expectUnharmed();
  });

  test.each(blocking)('%s takes nothing but a timeout', async (_, verb) => {
    const refused = unknownKey('timeout', 'signal');
    const { signal: given } = new AbortController();
    expect(await failureOf(() => verb({ signal: given } as never))).toMatchObject(refused);
    expectUnharmed();
  });

  test('an aborted signal rejects first, and nothing is done', async () => {
    const reason = new Error('enough');
    const wait = { signal: AbortSignal.abort(reason) } as never;
    for (const [name, verb] of [...awaiting, choosing[0]!]) {
      expect(await failureOf(() => verb(wait)), name).toBe(reason);
    }
    expectUnharmed();
  });
});

describe('values of a Many verb', () => {
  const list = (received: string) => refusedType('values', 'an array', received);
  const value = (received: string) =>
    refusedType('value', 'an ArrayBufferView, an ArrayBuffer or a SharedArrayBuffer', received);
  const wrong: Row[] = [
    ['nothing', undefined, list('undefined')],
    ['null', null, list('null')],
    ['a text', 'abc', list("type string ('abc')")],
    ['one message', bytes, list('an instance of Uint8Array')],
    ['a Set', new Set([bytes]), list('an instance of Set')],
    ['one of them undefined', [bytes, undefined], value('undefined')],
    ['a hole', [bytes, , bytes], value('undefined')], // oxlint-disable-line no-sparse-arrays -- it is what is refused
    ['one of them a number', [bytes, new Uint8Array(5000), 5], value('type number (5)')],
    ['one of them an array', [[1]], value('an instance of Array')],
  ];
  const verbs: [string, (values: never) => unknown][] = [
    ['trySendMany', (values) => tx.trySendMany(values)],
    ['sendMany', (values) => tx.sendMany(values)],
    ['sendManySync', (values) => tx.sendManySync(values)],
  ];
  describe.each(verbs)('%s', (_, verb) => {
    test.each(wrong)('%s', async (__, values, error) => {
      expect(await failureOf(() => verb(values as never))).toMatchObject(error);
      expectUnharmed();
    });

    test('none at all is no mistake', async () => {
      expect(await verb([] as never)).toBe(0);
      expectUnharmed();
    });
  });
});

describe('a reusable ticket', () => {
  const sole = refusedText(
    "A sole receiver's ticket cannot be reusable: there is one receiver, and each use would clone it",
  );
  const makers: [string, () => [Sender<BytesLike>, { close(): void }]][] = [
    ['syncChannel', () => syncChannel(2)],
    ['syncChannel(0)', () => syncChannel(0)],
    ['channel', () => channel()],
  ];
  test.each(makers)('of a sole receiver of %s is refused, and nothing is spent', async (_, make) => {
    const [sender, receiver] = make();
    for (const value of [receiver, { sender, receiver }, [sender, new Map([[receiver, 1]])]]) {
      expect(await failureOf(() => transfer(value, { reusable: true }))).toMatchObject(sole);
    }
    expect(sender.stats()).toMatchObject({ senders: 1, receivers: 1, tickets: 0 });
    const ends = attach(transfer({ sender, receiver }));
    for (const end of Object.values(ends)) end.close();
  });

  test('of its senders is as any other', () => {
    const [sender, receiver] = syncChannel(2, { codec: 'text' });
    const ticket = transfer(sender, { reusable: true });
    const clones = [attach(ticket), attach(ticket)];
    expect(receiver.stats()).toMatchObject({ senders: 3, tickets: 1 });
    for (const clone of clones) clone.close();
    expect(revoke(ticket)).toBe(1);
    receiver.close();
  });
});

describe('the later verbs of a spent handle', () => {
  const sends: [string, () => unknown][] = [
    ['trySendMany', () => tx.trySendMany([bytes])],
    ['trySendMany of none', () => tx.trySendMany([])],
    ['sendMany', () => tx.sendMany([bytes])],
    ['sendManySync', () => tx.sendManySync([bytes])],
    ['sendRef', () => tx.sendRef(8)],
    ['batch', () => tx.batch()],
  ];
  const receives: [string, () => unknown][] = [
    ['tryRecvMany', () => rx.tryRecvMany(1)],
    ['recvMany', () => rx.recvMany(1)],
    ['recvManySync', () => rx.recvManySync(1)],
    ['latest', () => rx.latest()],
    ['tryIter', () => [...rx.tryIter()]],
    ['iterSync', () => [...rx.iterSync()]],
    ['batches', () => rx.batches(1)],
    ['tryRecvRef', () => rx.tryRecvRef()],
    ['recvRef', () => rx.recvRef()],
    ['recvRefSync', () => rx.recvRefSync()],
  ];
  test.each([...sends, ...receives])('%s: ChannelStateError, closed or transferred', async (row, verb) => {
    const ends = attach(transfer({ tx, rx }));
    expect(await failureOf(verb)).toMatchObject(spent('transferred', verbIn(row)));
    expect(ends.tx.stats()).toMatchObject({ sent: 1, received: 0, length: 1, tickets: 0 });
    goOnWith(ends);
    expectUnharmed();
    tx.close();
    rx.close();
    expect(await failureOf(verb)).toMatchObject(spent('closed', verbIn(row)));
  });
});
