// What every runtime and tool is asked of `require`: a message sent and received.
const { strict: assert } = require('node:assert');
const { bounded } = require('millrace');

const [tx, rx] = bounded(1);
assert.equal(tx.trySend(Uint8Array.of(7)), true);
assert.deepEqual([...rx.tryRecv()], [7]);
tx.close();
rx.close();
console.log('done: require');
