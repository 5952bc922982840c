// A process whose Buffer pool block was moved away: run by bytes.test.ts, exits 0 when every channel works on.
import assert from 'node:assert';
import { writeSync } from 'node:fs';
import v8 from 'node:v8';

import { bounded, unbounded } from 'millrace';

const [tx, rx] = unbounded();
const lost = Buffer.from('this one goes with its pool block, which somebody moves while it is in use');
const short = lost.subarray(0, 8);
assert.notEqual(lost.buffer.byteLength, lost.length, 'the Buffer lies in the pool');

if (lost.buffer.transfer === undefined) {
  v8.setFlagsFromString('--allow-natives-syntax');
  new Function('buffer', '%ArrayBufferDetach(buffer)')(lost.buffer);
} else {
  try {
    lost.buffer.transfer();
  } catch (error) {
    // From Node 24 on the pool cannot be moved at all.
    assert.ok(error instanceof TypeError);
  }
}

for (const bytes of [lost, short]) {
  if (bytes.length > 0) {
    assert.ok(tx.trySend(bytes));
    assert.ok(bytes.equals(rx.tryRecv()));
  } else {
    assert.throws(() => tx.trySend(bytes), TypeError);
    assert.equal(tx.stats().sent, 0);
  }
}
for (const length of [0, 10, 100, 5000, 70_000]) {
  const own = Buffer.alloc(length, 7);
  tx.trySend(own);
  await tx.send(own);
  assert.ok(own.equals(rx.tryRecv()));
  assert.ok(own.equals(await rx.recv()));
}
for (const [codec, value] of [
  ['text', 'a text'],
  ['f64', 0.5],
  ['json', { a: [1] }],
]) {
  const [sender, receiver] = bounded(1, { codec });
  sender.trySend(value);
  assert.deepEqual(receiver.tryRecv(), value);
}
writeSync(1, 'works on');
