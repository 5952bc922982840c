// Closed, transferred and foreign handles, and bad arguments of the verbs that pass them on: the documented error, and nothing lost.
import { attach, spawn, transfer } from 'millrace';
import { describe, expect, test } from 'vitest';

import { expectUnharmed, rx, tx, useChannelOfOne } from '../channel-of-one';
import { came, failureOf, refusedKey, refusedType, refusedValue, rowsOf, spent, verbIn } from '../misuse';

const nothing = undefined as never;

useChannelOfOne();

describe('handles', () => {
  const others = rowsOf([undefined, null, 5, 'tx', {}, []]);
  test.each(others)('sameChannel(%s)', async (_, other) => {
    const refused = refusedType('other', 'a Sender or a Receiver', came(other));
    expect(await failureOf(() => tx.sameChannel(other as never))).toMatchObject(refused);
    expectUnharmed();
  });

  test('their methods refuse any other `this`', async () => {
    const verbs = (of: object): PropertyKey[] =>
      Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(of)))
        .filter(([name, { value }]) => typeof value === 'function' && name !== 'constructor')
        .map(([name]) => name);
    for (const end of [tx, rx]) {
      for (const name of [...verbs(end), ...verbs(Object.getPrototypeOf(end))]) {
        const method = (end as never)[name] as (...args: unknown[]) => unknown;
        for (const receiver of [undefined, {}, Object.create(Object.getPrototypeOf(end))]) {
          expect(await failureOf(() => method.call(receiver, Uint8Array.of(1))), String(name)).toBeInstanceOf(
            TypeError,
          );
        }
      }
    }
    expectUnharmed();
  });

  const sending: [string, () => unknown][] = [
    ['trySend', () => tx.trySend(Uint8Array.of(1))],
    ['send', () => tx.send(Uint8Array.of(1))],
    ['send with a timeout', () => tx.send(Uint8Array.of(1), { timeout: 0 })],
    ['sendSync', () => tx.sendSync(Uint8Array.of(1))],
    ['drained', () => tx.drained()],
    ['drainedSync', () => tx.drainedSync()],
    ['clone', () => tx.clone()],
    ['end', () => tx.end()],
    ['sameChannel', () => tx.sameChannel(tx)],
    ['transfer', () => transfer(tx)],
  ];
  const receiving: [string, () => unknown][] = [
    ['tryRecv', () => rx.tryRecv()],
    ['recv', () => rx.recv()],
    ['recv with a timeout', () => rx.recv({ timeout: 0 })],
    ['recvSync', () => rx.recvSync()],
    ['tryRecvInto', () => rx.tryRecvInto(new Uint8Array(8))],
    ['recvInto', () => rx.recvInto(new Uint8Array(8))],
    ['iter', () => rx.iter()],
    ['batches', () => rx.batches(8)],
    ['recvIntoSync', () => rx.recvIntoSync(new Uint8Array(8))],
    ['clone', () => rx.clone()],
    ['cancel', () => rx.cancel()],
    ['for await', () => rx[Symbol.asyncIterator]()],
    ['transfer', () => transfer([rx])],
  ];

  test('a wrong value is told before a spent handle', async () => {
    tx.close();
    const refused = refusedType(
      'value',
      'an ArrayBufferView, an ArrayBuffer or a SharedArrayBuffer',
      'undefined',
    );
    expect(await failureOf(() => tx.trySend(nothing))).toMatchObject(refused);
  });

  describe.each([...sending, ...receiving])('%s', (row, verb) => {
    test('of a closed handle', async () => {
      tx.close();
      rx.close();
      expect(await failureOf(verb)).toMatchObject(spent('closed', verbIn(row)));
    });

    test('of a transferred handle', async () => {
      const ends = attach(transfer({ tx, rx }));
      expect(await failureOf(verb)).toMatchObject(spent('transferred', verbIn(row)));
      expect(ends.tx.stats()).toMatchObject({ sent: 1, received: 0, senders: 1, receivers: 1, tickets: 0 });
      expect(ends.rx.tryRecv()).toEqual(Uint8Array.of(1));
      ends.tx.close();
      ends.rx.close();
    });
  });
});

describe('transfer, attach and spawn', () => {
  const url = new URL('data:text/javascript,');
  const object = (what: string, value: unknown) => refusedType(what, 'an object', came(value));
  const wrong: [string, () => unknown, object][] = [
    ['transfer with null for options', () => transfer(tx, null as never), object('options', null)],
    [
      'transfer with an unknown option',
      () => transfer(tx, { reuse: true } as never),
      refusedKey('options', 'reusable, signal', 'reuse'),
    ],
    [
      'transfer with a wrong reusable',
      () => transfer(tx, { reusable: 'yes' } as never),
      refusedType('options.reusable', 'a boolean', came('yes')),
    ],
    [
      'transfer with a wrong signal',
      () => transfer(tx, { signal: {} } as never),
      refusedType('options.signal', 'an AbortSignal', came({})),
    ],
    ['iter with null for options', () => rx.iter(null as never), object('options', null)],
    [
      'iter with an unknown option',
      () => rx.iter({ timeout: 5 } as never),
      refusedKey('options', 'signal', 'timeout'),
    ],
    [
      'batches with a wrong signal',
      () => rx.batches(8, { signal: 5 } as never),
      refusedType('options.signal', 'an AbortSignal', came(5)),
    ],
    ['attach with null for options', () => attach({} as never, null as never), object('options', null)],
    [
      'attach with an unknown option',
      () => attach({} as never, { codec: [] } as never),
      refusedKey('options', 'codecs', 'codec'),
    ],
    [
      'attach with codecs that are no array',
      () => attach({} as never, { codecs: 5 } as never),
      refusedType('options.codecs', 'an array of Codecs', came(5)),
    ],
    [
      'attach with a codec that is none',
      () => attach({} as never, { codecs: [5] } as never),
      refusedType('codec', 'a string or a Codec', came(5)),
    ],
    [
      'spawn with workerData',
      () => spawn(url, tx, { workerData: 1 }),
      refusedValue('options.workerData', 'be absent: it is what the ends become', '1'),
    ],
  ];
  test.each(wrong)('%s', async (_, call, error) => {
    expect(await failureOf(call)).toMatchObject(error);
    expectUnharmed();
  });
});
