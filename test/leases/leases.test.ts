// Leases: what their verbs give, how they end, and what becomes of their messages. The laws of every channel run over them too (test/laws).
import {
  attach,
  bounded,
  broadcast,
  channel,
  ChannelClosedError,
  ChannelCodecError,
  ChannelStateError,
  type Codec,
  type Lease,
  type LeaseReceiver,
  type Sender,
  select,
  selectSync,
  syncChannel,
  toReadable,
  transfer,
  trySelect,
  unbounded,
} from 'millrace';
import { afterEach, describe, expect, test } from 'vitest';

import { refusal } from './refusal';

type Ends = [Sender<string>, LeaseReceiver<string>];
const text = { codec: 'text', ack: true } as const;
const makers: [string, () => Ends][] = [
  ['bounded', () => bounded(8, text)],
  ['unbounded', () => unbounded(text)],
];

const opened: { close(): void }[] = [];
afterEach(() => opened.splice(0).forEach((end) => end.close()));

function keep<E extends { close(): void }[]>(...ends: E): E {
  opened.push(...ends);
  return ends;
}

const seen = (lease: Lease<unknown> | undefined) => [lease?.value, lease?.attempt];

describe.each(makers)('%s', (_, make) => {
  test('every verb gives leases', async () => {
    const [tx, rx] = keep(...make());
    const give = (count = 1) => tx.trySendMany(['one', 'two', 'three'].slice(0, count));
    const verbs: [string, () => Lease<string>[] | Promise<Lease<string>[]>][] = [
      ['tryRecv', () => [rx.tryRecv()!]],
      ['recv', async () => [await rx.recv()]],
      ['recvSync', () => [rx.recvSync()]],
      ['tryRecvMany', () => rx.tryRecvMany(2)],
      ['recvMany', () => rx.recvMany(2)],
      ['recvManySync', () => rx.recvManySync(2)],
      ['latest', () => [rx.latest()!]],
      ['tryIter', () => [...rx.tryIter()]],
      ['iterSync', () => [rx.iterSync()[Symbol.iterator]().next().value as Lease<string>]],
      ['for await', async () => [(await rx[Symbol.asyncIterator]().next()).value as Lease<string>]],
      ['batches', async () => (await rx.batches(2)[Symbol.asyncIterator]().next()).value as Lease<string>[]],
      ['select', async () => [(await select({ rx })).value!]],
      ['selectSync', () => [selectSync({ rx }).value!]],
      ['trySelect', () => [trySelect({ rx }).value!]],
    ];
    for (const [name, verb] of verbs) {
      const isMany = name.includes('Many') || name === 'batches' || name === 'tryIter';
      give(isMany ? 2 : 1);
      const leases = await verb();
      expect(leases.map(seen), name).toEqual(
        [
          ['one', 1],
          ['two', 1],
        ].slice(0, isMany ? 2 : 1),
      );
      expect(rx.stats(), name).toMatchObject({ leased: leases.length, length: 0 });
      for (const lease of leases) expect(lease.ack(), name).toBe(true);
    }
    expect(rx.stats()).toMatchObject({ leased: 0, length: 0, skipped: 0, discarded: 0 });
  });

  test('verbs that wait give leases of what comes later', async () => {
    const [tx, rx] = keep(...make());
    const waits = [rx.recv(), rx.recvMany(3), select({ rx }), rx[Symbol.asyncIterator]().next()];
    const long = 'x'.repeat(100_000);
    for (const each of ['one', long, 'three', 'four']) tx.trySend(each);
    const [one, many, chosen, step] = (await Promise.all(waits)) as [
      Lease<string>,
      Lease<string>[],
      { value: Lease<string> },
      { value: Lease<string> },
    ];
    expect([one, many[0], chosen.value, step.value].map(seen)).toEqual([
      ['one', 1],
      [long, 1],
      ['three', 1],
      ['four', 1],
    ]);
  });

  test('a lease is settled once', () => {
    const [tx, rx] = keep(...make());
    tx.trySend('one');
    const first = rx.recvSync();
    expect([first.nack(), first.nack(), first.ack()]).toEqual([true, false, false]);
    const second = rx.recvSync();
    expect([second.ack(), second.ack(), second.nack()]).toEqual([true, false, false]);
    second[Symbol.dispose]();
    expect(rx.tryRecv()).toBeUndefined();
  });

  test('nack and dispose put a message back, ahead of the queue in its old order, with attempt one higher', () => {
    const [tx, rx] = keep(...make());
    tx.trySendMany(['one', 'two', 'three', 'four']);
    const [one, two, three] = rx.tryRecvMany(3) as [Lease<string>, Lease<string>, Lease<string>];
    three.nack();
    one[Symbol.dispose]();
    two.nack();
    expect(rx.tryRecvMany(8).map(seen)).toEqual([
      ['one', 2],
      ['two', 2],
      ['three', 2],
      ['four', 1],
    ]);
  });

  test('drained means processed', async () => {
    const [tx, rx] = keep(...make());
    tx.trySend('one');
    const lease = rx.recvSync();
    expect(await tx.drained({ timeout: 0 })).toBe(false);
    const drained = tx.drained();
    lease.nack();
    expect(await tx.drained({ timeout: 0 })).toBe(false);
    rx.recvSync().ack();
    await drained;
  });

  test('receivers are closed only when nothing is queued or leased, and a lease is settled after the end', async () => {
    const [tx, rx] = keep(...make());
    tx.trySend('one');
    const lease = rx.recvSync();
    tx.end();
    expect([rx.isClosed, rx.closeReason, rx.tryRecv()]).toEqual([false, undefined, undefined]);
    const [next, after] = [rx.recv(), rx.recv()];
    lease.nack();
    const again = await next;
    expect(seen(again)).toEqual(['one', 2]);
    again.ack();
    await expect(after).rejects.toThrow(ChannelClosedError);
    expect([rx.isClosed, rx.closeReason?.kind]).toEqual([true, 'ended']);
    expect(() => rx.tryRecv()).toThrow(ChannelClosedError);
  });

  test('a lease outlives its receiver', () => {
    const [tx, rx] = keep(...make());
    const [other] = keep(rx.clone());
    tx.trySendMany(['one', 'two']);
    const [one, two] = rx.tryRecvMany(2) as [Lease<string>, Lease<string>];
    rx.close();
    expect(one.nack()).toBe(true);
    expect(seen(other.tryRecv())).toEqual(['one', 2]);
    expect(two.ack()).toBe(true);
    expect(tx.stats()).toMatchObject({ leased: 1, received: 2 });
  });

  test('cancel counts what was queued, and what comes back later is discarded', () => {
    const [tx, rx] = keep(...make());
    tx.trySendMany(['one', 'two', 'three']);
    const one = rx.recvSync();
    expect(rx.cancel()).toBe(2);
    expect(() => rx.tryRecv()).toThrow(ChannelClosedError);
    expect(one.nack()).toBe(true);
    expect(rx.stats()).toMatchObject({ sent: 3, received: 0, discarded: 3, leased: 0 });
  });

  test('a handle of leases is transferred and cloned like any other, and its leases stay', () => {
    const [tx, rx] = keep(...make());
    tx.trySendMany(['one', 'two']);
    const one = rx.recvSync();
    const [here] = keep(attach(structuredClone(transfer(rx))));
    one.nack();
    expect(Object.prototype.toString.call(here)).toBe('[object LeaseReceiver]');
    expect(seen(here.tryRecv())).toEqual(['one', 2]);
    const reusable = transfer(here.clone(), { reusable: true });
    const [again] = keep(attach(reusable));
    expect(seen(again.tryRecv())).toEqual(['two', 1]);
    expect(() => structuredClone(again)).toThrow(expect.objectContaining({ name: 'DataCloneError' }));
  });

  test('a blocked verb that waits for a lease of its own thread says so', () => {
    const [tx, rx] = keep(...make());
    tx.trySend('one');
    const lease = rx.recvSync();
    tx.end();
    expect(() => rx.recvSync()).toThrow(ChannelStateError);
    lease.ack();
    expect(() => rx.recvSync()).toThrow(ChannelClosedError);
  });
});

test('capacity bounds queued and leased together', async () => {
  const [tx, rx] = keep(...bounded(2, text));
  tx.trySendMany(['one', 'two']);
  const [one, two] = rx.tryRecvMany(2) as [Lease<string>, Lease<string>];
  expect([tx.trySend('three'), tx.isFull, tx.length]).toEqual([false, true, 0]);
  const sent = tx.send('three');
  one.nack();
  expect(tx.stats()).toMatchObject({ waitingSenders: 1, length: 1, leased: 1 });
  two.ack();
  await sent;
  expect(tx.stats()).toMatchObject({ waitingSenders: 0, length: 2, leased: 0 });
});

describe('a message that cannot be decoded', () => {
  const fussy = (): Codec<string> => ({
    name: 'fussy',
    encode: (value) => Buffer.from(value),
    decode(bytes) {
      const value = Buffer.from(bytes).toString();
      if (value === 'bad') throw new Error('cannot be read');
      return value;
    },
  });

  test('goes back, one attempt more, and the receive throws', async () => {
    const [letters, dead] = keep(...unbounded({ codec: fussy() }));
    const [tx, rx] = keep(...bounded(4, { codec: fussy(), ack: true, maxAttempts: 3, deadLetter: letters }));
    tx.trySend('bad');
    expect(() => rx.tryRecv()).toThrow(ChannelCodecError);
    expect(tx.stats()).toMatchObject({ length: 1, leased: 0 });
    await expect(rx.recv()).rejects.toMatchObject({ bytes: new Uint8Array(Buffer.from('bad')) });
    expect(() => rx.recvSync()).toThrow(ChannelCodecError);
    expect(tx.stats()).toMatchObject({ length: 0, dropped: 1 });
    expect(dead.length).toBe(1);
    const waited = rx.recv();
    tx.trySend('bad');
    await expect(waited).rejects.toThrow(ChannelCodecError);
    expect(tx.stats()).toMatchObject({ length: 1, leased: 0 });
  });

  test('ends an answer of many before it, and the next receive throws', async () => {
    const [tx, rx] = keep(...bounded(4, { codec: fussy(), ack: true, maxAttempts: 1 }));
    tx.trySendMany(['good', 'bad', 'later']);
    expect((await rx.recvMany(8)).map(seen)).toEqual([['good', 1]]);
    expect(() => rx.tryRecvMany(8)).toThrow(ChannelCodecError);
    expect(tx.stats()).toMatchObject({ discarded: 1 });
    expect(rx.recvManySync(8).map(seen)).toEqual([['later', 1]]);
  });
});

describe('dead letters', () => {
  test('get what has had its last attempt, count as dropped, and wait there where there is no room', async () => {
    const [letters, dead] = keep(...bounded(1, { codec: 'text' }));
    const [tx, rx] = keep(...bounded(4, { ...text, maxAttempts: 2, deadLetter: letters }));
    tx.trySendMany(['one', 'two', 'three']);
    for (let round = 0; round < 2; round += 1) for (const lease of rx.tryRecvMany(3)) lease.nack();
    expect(tx.stats()).toMatchObject({
      sent: 3,
      dropped: 3,
      received: 0,
      length: 0,
      leased: 0,
      waitingSenders: 0,
    });
    expect(dead.stats()).toMatchObject({ length: 1, waitingSenders: 2, senders: 1, tickets: 0 });
    expect(await dead.recvMany(3)).toEqual(['one']);
    expect([await dead.recv(), await dead.recv()]).toEqual(['two', 'three']);
    tx.close();
    await expect(dead.recv()).rejects.toThrow(ChannelClosedError);
  });

  test('are discarded where there is no sender for them, or theirs is closed', () => {
    const [letters, dead] = keep(...bounded(1, { codec: 'text' }));
    const [tx, rx] = keep(...bounded(4, { ...text, maxAttempts: 1, deadLetter: letters }));
    dead.close();
    tx.trySend('one');
    rx.recvSync().nack();
    expect(tx.stats()).toMatchObject({ dropped: 0, discarded: 1 });
    const [other, leases] = keep(...bounded(4, { ...text, maxAttempts: 1 }));
    other.trySend('one');
    leases.recvSync().nack();
    expect(other.stats()).toMatchObject({ dropped: 0, discarded: 1 });
  });

  test('too long for their channel are discarded', () => {
    const [letters] = keep(...unbounded({ codec: 'text', maxBytes: 2 }));
    const [tx, rx] = keep(...bounded(4, { ...text, maxAttempts: 1, deadLetter: letters }));
    tx.trySend('three');
    rx.recvSync().nack();
    expect(tx.stats()).toMatchObject({ dropped: 0, discarded: 1 });
  });

  test('have a sender that is spent into the channel, and whose channel closes when no more can come', () => {
    const [letters, dead] = keep(...unbounded({ codec: 'text' }));
    const [tx, rx] = keep(...unbounded({ ...text, maxAttempts: 1, deadLetter: letters }));
    expect(() => letters.trySend('mine')).toThrow(ChannelStateError);
    tx.trySend('one');
    const lease = rx.recvSync();
    tx.close();
    expect(dead.isClosed).toBe(false);
    lease.nack();
    expect([dead.tryRecv(), dead.isClosed]).toEqual(['one', true]);
  });

  test('need an idle sender of the same codec, which is left as it was where the channel cannot be made', () => {
    const [letters, dead] = keep(...bounded(1, { codec: 'text' }));
    letters.trySend('full');
    const pending = letters.send('pending');
    const options = { ...text, maxAttempts: 1, deadLetter: letters };
    expect(() => bounded(1, options)).toThrow(ChannelStateError);
    dead.tryRecv();
    return pending.then(() => {
      expect(() => bounded(2 ** 23, { ...options, slotBytes: 2 ** 20 })).toThrow(RangeError);
      dead.tryRecv();
      expect(letters.trySend('still mine')).toBe(true);
    });
  });
});

test.each([
  ['a rendezvous', () => bounded(0, { ack: true })],
  ['overflow', () => bounded(1, { ack: true, overflow: 'drop-newest' } as never)],
  ['overflow that waits', () => bounded(1, { ack: true, overflow: 'wait' } as never)],
  ['a sync channel', () => syncChannel(1, { ack: true } as never)],
  ['an mpsc channel', () => channel({ ack: true } as never)],
  ['a broadcast', () => broadcast(1, { ack: true } as never)],
  ['context', () => bounded(1, { ack: true, context: true } as never)],
  ['ack that is no boolean', () => bounded(1, { ack: 1 } as never)],
  ['maxAttempts without ack', () => bounded(1, { maxAttempts: 1 } as never)],
  ['deadLetter without ack', () => unbounded({ deadLetter: bounded(1)[0] } as never)],
  ['deadLetter without maxAttempts', () => bounded(1, { ack: true, deadLetter: bounded(1)[0] })],
  ['maxAttempts that is no number', () => bounded(1, { ack: true, maxAttempts: '1' } as never)],
  ['deadLetter that is no sender', () => bounded(1, { ack: true, maxAttempts: 1, deadLetter: 1 } as never)],
  [
    'deadLetter of another codec',
    () => bounded(1, { ack: true, maxAttempts: 1, deadLetter: bounded(1, { codec: 'json' })[0] }),
  ],
])('%s is a TypeError that says what was expected', (_, make) => {
  expect(refusal(make)).toMatch(/^TypeError ERR_INVALID_ARG_(TYPE|VALUE): ./);
});

test.each([0, 1.5, -1, NaN, Infinity, 2 ** 31])('maxAttempts: %d is a RangeError', (maxAttempts) => {
  expect(refusal(() => bounded(1, { ack: true, maxAttempts }))).toMatch(/^RangeError ERR_OUT_OF_RANGE: ./);
});

test('receiving into memory, refs and streams are not for leases', async () => {
  const [tx, rx] = keep(...bounded(4, { ack: true }));
  const plain = rx as never as {
    [
      verb in 'tryRecvInto' | 'recvIntoSync' | 'tryRecvRef' | 'recvRefSync' | 'refs' | 'recvInto' | 'recvRef'
    ]: (...all: unknown[]) => unknown;
  };
  tx.trySend(Uint8Array.of(1));
  for (const verb of ['tryRecvInto', 'recvIntoSync', 'tryRecvRef', 'recvRefSync', 'refs'] as const) {
    expect(refusal(() => plain[verb](new Uint8Array(8)))).toMatch(/^TypeError ERR_INVALID_ARG_VALUE: ./);
  }
  await expect(plain.recvRef()).rejects.toThrow(TypeError);
  await expect(plain.recvInto(new Uint8Array(8))).rejects.toThrow(TypeError);
  expect(refusal(() => toReadable(rx))).toMatch(/^TypeError ERR_INVALID_ARG_VALUE: ./);
  expect(seen(rx.tryRecv())).toEqual([Uint8Array.of(1), 1]);
});
