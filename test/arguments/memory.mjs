// A process that may have 3 GiB of address space: run by memory.test.ts, it asks for more and goes on.
import assert from 'node:assert';
import { writeSync } from 'node:fs';

import { bounded, unbounded } from 'millrace';

const tooMuch = { name: 'RangeError', code: 'ERR_OUT_OF_RANGE', message: /memory/ };

function untilRefused(what, most) {
  for (let count = 0; count < most; count += 1) {
    try {
      what(count);
    } catch (error) {
      return { count, error };
    }
  }
  throw new Error('it was never refused');
}

// Capacities: the largest allowed, until memory cannot hold one more.
const channels = [];
const capacities = untilRefused(() => channels.push(bounded(2 ** 23, { codec: 'f64' })), 64);
assert.throws(() => {
  throw capacities.error;
}, tooMuch);
for (const [tx, rx] of channels) {
  assert.equal(tx.trySend(1), true);
  assert.equal(rx.tryRecv(), 1);
  tx.close();
  rx.close();
}

// Messages: as many as memory holds, each of them still there afterwards.
const payload = new Uint8Array(64 * 1024 * 1024);
const target = new Uint8Array(payload.length);
const [tx, rx] = unbounded();
const number = new Uint32Array(payload.buffer, 0, 1);
const messages = untilRefused((count) => {
  number[0] = count;
  tx.trySend(payload);
}, 64);
assert.throws(() => {
  throw messages.error;
}, tooMuch);
await assert.rejects(tx.send(payload), tooMuch);
assert.throws(() => tx.sendSync(payload), tooMuch);
assert.equal(tx.stats().sent, messages.count);
for (let count = 0; count < messages.count; count += 1) {
  assert.equal(rx.tryRecvInto(target), payload.length);
  assert.equal(new Uint32Array(target.buffer, 0, 1)[0], count);
}
assert.equal(rx.tryRecv(), undefined);
assert.equal(tx.trySend(payload), true);
assert.equal(rx.tryRecvInto(target), payload.length);

writeSync(1, JSON.stringify({ channels: channels.length, messages: messages.count }));
