// What a broadcast keeps, and for how long: each message once, until the last receiver has passed it; and how much at most.
import { broadcast, type BroadcastReceiver, type Codec } from 'millrace';
import { expect, test } from 'vitest';

import { failureOf } from '../misuse';

test('a message is encoded once and kept once for all receivers, and freed when the last has passed', () => {
  let encoded = 0;
  const codec: Codec<string> = {
    name: 'counts',
    encode(text) {
      encoded += 1;
      return Buffer.from(text);
    },
    decode: (bytes) => Buffer.from(bytes).toString(),
  };
  const [tx, rx] = broadcast(4, { codec });
  const receivers = [rx, ...Array.from({ length: 7 }, () => rx.clone())];
  const long = 'x'.repeat(10_000);
  expect(tx.trySendMany([long, long, long])).toBe(3);
  expect([encoded, tx.stats().bytes, tx.length]).toEqual([3, 30_000, 3]);
  for (const receiver of receivers.slice(1)) expect(receiver.tryRecvMany(2)).toEqual([long, long]);
  expect([tx.stats().bytes, tx.length]).toEqual([30_000, 3]);
  expect(rx.tryRecv()).toBe(long);
  expect([tx.stats().bytes, tx.length]).toEqual([20_000, 2]);
  // Who goes has passed them all.
  rx.close();
  expect([tx.stats().bytes, tx.length]).toEqual([10_000, 1]);
  for (const receiver of receivers.slice(1)) receiver.close();
  expect([encoded, tx.stats().bytes, tx.length]).toEqual([3, 0, 0]);
  tx.close();
});

test('fail reaches every receiver, each after what it has still to get, and those that wait', async () => {
  const why = new RangeError('the disk is full');
  const failed = { code: 'ERR_CHANNEL_FAILED', cause: why };
  const [tx, behind] = broadcast(4, { codec: 'f64', replay: 1 });
  const [ahead, waits] = [behind.clone(), behind.clone()];
  tx.trySendMany([1, 2]);
  expect([ahead.tryRecv(), waits.tryRecvMany(2)]).toEqual([1, [1, 2]]);
  const told = failureOf(() => waits.recv());
  tx.fail(why);
  const late = tx.subscribe();
  const left: [BroadcastReceiver<number>, number[]][] = [
    [behind, [1, 2]],
    [ahead, [2]],
    [waits, []],
    [late, [2]],
  ];
  expect(await told).toMatchObject(failed);
  for (const [receiver, values] of left) {
    if (values.length > 0)
      expect([receiver.closeReason, receiver.tryRecvMany(4)]).toEqual([undefined, values]);
    expect(await failureOf(() => receiver.tryRecv())).toMatchObject(failed);
    expect(receiver.closeReason).toMatchObject({ kind: 'failed', error: why });
  }
  for (const end of [tx, behind, ahead, waits, late]) end.close();
});

test.each([1, 3, 2 ** 23])('a capacity of %d, all of which may be replayed', (capacity) => {
  const [tx, rx] = broadcast(capacity, { codec: 'f64', replay: capacity });
  expect([tx.capacity, rx.capacity, tx.stats().capacity]).toEqual([capacity, capacity, capacity]);
  const values = Array.from({ length: Math.min(capacity, 3) }, (_, at) => at);
  expect(tx.trySendMany(values)).toBe(values.length);
  expect(tx.isFull).toBe(values.length === capacity);
  expect(rx.tryRecvMany(8)).toEqual(values);
  const late = tx.subscribe();
  expect(late.tryRecvMany(8)).toEqual(values);
  for (const end of [tx, rx, late]) end.close();
});
