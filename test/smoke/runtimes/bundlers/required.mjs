// What a bundler makes a `require` of in CommonJS: a message sent and received.
import { strict as assert } from 'node:assert';
import { bounded } from 'millrace';

const [tx, rx] = bounded(1);
assert.equal(tx.trySend(Uint8Array.of(7)), true);
assert.deepEqual([...rx.tryRecv()], [7]);
tx.close();
rx.close();
console.log('done: require');
