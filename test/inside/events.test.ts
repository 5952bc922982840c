// diagnostics_channel: what opens, closes and drops is told in its thread, to whoever subscribes.
import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import {
  type Sender,
  attach,
  bounded,
  revoke,
  selectSync,
  sending,
  transfer,
  tripleBuffer,
  unbounded,
} from 'millrace';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../laws/until';
import { exitOf } from '../threads/handshakes';

type Name = 'open' | 'close' | 'drop';
let heard: [Name, unknown][] = [];
const listeners = (['open', 'close', 'drop'] as const).map((name) => {
  return [`millrace:${name}`, (event: unknown) => void heard.push([name, event])] as const;
});
const ofKind = (kind: Name) => heard.filter(([name]) => name === kind).map(([, event]) => event);

beforeEach(() => {
  heard = [];
  for (const [name, listen] of listeners) subscribe(name, listen);
});
afterEach(() => {
  for (const [name, listen] of listeners) unsubscribe(name, listen);
});

test('a channel opens once, and closes once, whatever goes first', () => {
  const [tx, rx] = bounded(1, { label: 'jobs' });
  expect(heard).toEqual([['open', { flavor: 'bounded', label: 'jobs' }]]);
  const second = tx.clone();
  tx.close();
  expect(heard).toHaveLength(1);
  second.close();
  const closing = ['close', { flavor: 'bounded', label: 'jobs', by: 'senders' }];
  expect(heard.slice(1)).toEqual([closing]);
  rx.close();
  expect(heard.slice(1)).toEqual([closing]);
});

test('a channel without a label has none in its events', () => {
  const [tx, rx] = unbounded();
  rx.close();
  tx.close();
  expect(heard).toEqual([
    ['open', { flavor: 'unbounded' }],
    ['close', { flavor: 'unbounded', by: 'receivers' }],
  ]);
});

test('end, cancel, revoke and a triple buffer close, too', () => {
  const [ended, endedRx] = bounded(1, { label: 'ended' });
  const [cancelledTx, cancelled] = bounded(1, { label: 'cancelled', codec: 'text' });
  const [revokedTx, revoked] = bounded(1, { label: 'revoked' });
  const [input, output] = tripleBuffer({ byteLength: 8, label: 'latest' });
  cancelledTx.trySend('discarded');
  ended.end();
  expect(cancelled.cancel()).toBe(1);
  revoke(transfer(revoked));
  input.close();
  expect(ofKind('close')).toEqual([
    { flavor: 'bounded', label: 'ended', by: 'senders' },
    { flavor: 'bounded', label: 'cancelled', by: 'receivers' },
    { flavor: 'bounded', label: 'revoked', by: 'receivers' },
    { flavor: 'latest', label: 'latest', by: 'senders' },
  ]);
  for (const end of [ended, endedRx, cancelled, cancelledTx, revokedTx, output]) end.close();
  expect(ofKind('close')).toHaveLength(4);
});

test('a close that a pending send holds up is told when that has settled', async () => {
  const [tx, rx] = bounded(1, { codec: 'text', label: 'held up' });
  tx.trySend('fills it');
  const pending = tx.send('pending');
  tx.close();
  expect(ofKind('close')).toEqual([]);
  expect(rx.tryRecv()).toBe('fills it');
  await pending;
  await until(() => ofKind('close').length === 1, 'it is told');
  expect(ofKind('close')).toEqual([{ flavor: 'bounded', label: 'held up', by: 'senders' }]);
  rx.close();
});

const dropping = { codec: 'text', overflow: 'drop-oldest', label: 'lossy' } as const;
type Lossy = Sender<string>;

describe.each(['drop-oldest', 'drop-newest'] as const)('%s', (overflow) => {
  const ways: [string, (tx: Lossy) => unknown, number[]][] = [
    ['trySend', (tx) => tx.trySend('x'), [1]],
    ['send', (tx) => tx.send('x'), [1]],
    ['sendSync', (tx) => tx.sendSync('x'), [1]],
    ['trySendMany', (tx) => tx.trySendMany(['x', 'y', 'z']), [3]],
    ['sendMany', (tx) => tx.sendMany(['x', 'y', 'z']), [3]],
    ['sendManySync', (tx) => tx.sendManySync(['x', 'y']), [2]],
    ['selectSync', (tx) => selectSync({ out: sending(tx, 'x') }), [1]],
    [
      'a batch',
      (tx) => {
        const batch = tx.batch();
        for (const value of ['x', 'y', 'z']) batch.sendSync(value);
        batch.close();
      },
      [1, 1, 1],
    ],
  ];

  test.each(ways)('%s tells what it lost, in the call', async (_, send, counts) => {
    const [tx, rx] = bounded(1, { ...dropping, overflow });
    tx.trySend('fills it');
    const done = send(tx);
    const told = ofKind('drop');
    const lost = counts.reduce((sum, count) => sum + count, 0);
    expect(told.reduce<number>((sum, event) => sum + (event as { count: number }).count, 0)).toBe(lost);
    expect(told[0]).toEqual({ flavor: 'bounded', label: 'lossy', count: expect.any(Number) });
    expect(tx.stats().dropped).toBe(lost);
    await done;
    tx.close();
    rx.close();
  });
});

test('a ref that is sent tells what it lost', () => {
  const [tx, rx] = bounded(1, { overflow: 'drop-oldest' });
  tx.trySend(Uint8Array.of(1));
  const ref = tx.sendRef(1);
  expect(ref.trySend()).toBe(true);
  expect(ofKind('drop')).toEqual([{ flavor: 'bounded', count: 1 }]);
  tx.close();
  rx.close();
});

test('a send that loses nothing tells nothing', () => {
  const [tx, rx] = bounded(1, dropping);
  tx.trySend('fits');
  expect(rx.tryRecv()).toBe('fits');
  tx.trySend('fits');
  expect(ofKind('drop')).toEqual([]);
  tx.close();
  rx.close();
});

test('what was lost while nobody subscribed is not told later', () => {
  for (const [name, listen] of listeners) unsubscribe(name, listen);
  const [tx, rx] = bounded(1, dropping);
  tx.trySendMany(['one', 'two', 'three']);
  for (const [name, listen] of listeners) subscribe(name, listen);
  tx.trySend('four');
  expect(ofKind('drop')).toEqual([{ flavor: 'bounded', label: 'lossy', count: 1 }]);
  tx.close();
  rx.close();
});

test('who subscribes late hears of the closing, and who has left hears nothing', () => {
  for (const [name, listen] of listeners) unsubscribe(name, listen);
  const [tx, rx] = bounded(1);
  const [other, otherRx] = bounded(1);
  for (const [name, listen] of listeners) subscribe(name, listen);
  tx.close();
  expect(ofKind('close')).toHaveLength(1);
  for (const [name, listen] of listeners) unsubscribe(name, listen);
  other.close();
  rx.close();
  otherRx.close();
  expect(heard).toHaveLength(1);
  expect(channel('millrace:close').hasSubscribers).toBe(false);
});

test('a subscriber may use channels, the one that dropped too', () => {
  const [tx, rx] = bounded(1, dropping);
  let first = true;
  const listen = () => {
    if (!first) return;
    first = false;
    tx.trySend('from the subscriber');
  };
  subscribe('millrace:drop', listen);
  tx.trySendMany(['one', 'two']);
  unsubscribe('millrace:drop', listen);
  expect(rx.tryRecvMany(8)).toEqual(['from the subscriber']);
  expect(ofKind('drop')).toHaveLength(2);
  tx.close();
  rx.close();
});

test('an event goes out in the thread where it happens, and in no other', async () => {
  const [tx, rx] = bounded(1, dropping);
  const [quit, quitRx] = bounded(1, { codec: 'text', label: 'quit' });
  const before = heard.length;
  const worker = new Worker(new URL('fixtures/loses-and-closes.cjs', import.meta.url), {
    workerData: transfer({ tx, quit }),
  });
  const ended = exitOf(worker);
  const [theirs] = (await once(worker, 'message')) as [[string, unknown][]];
  expect(theirs).toEqual([
    ['drop', { flavor: 'bounded', label: 'lossy', count: 1 }],
    ['close', { flavor: 'bounded', label: 'quit', by: 'senders' }],
  ]);
  await ended;
  // The other one closed because its thread ended, where nothing runs any more that could be told.
  expect(tx.isClosed).toBe(true);
  await until(() => rx.isClosed || rx.tryRecv() === undefined, 'it is drained');
  expect(heard.slice(before)).toEqual([]);
  expect(() => attach(transfer(quitRx))).not.toThrow();
  rx.close();
});
