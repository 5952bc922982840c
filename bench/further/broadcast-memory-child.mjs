// One process that broadcasts to receivers of its own, which take nothing: prints by how many bytes it has grown.
import { offered } from '../who/offered.mjs';

const [receivers, messages, size] = process.argv.slice(2).map(Number);
const [tx, first] = offered.broadcast(messages);
const all = [first, ...Array.from({ length: receivers - 1 }, () => tx.subscribe())];
const message = new Uint8Array(size).fill(1);
const before = process.memoryUsage.rss();
for (let sent = 0; sent < messages; sent++) {
  if (!tx.trySend(message)) throw new Error(`Message ${sent} was not taken`);
}
const after = process.memoryUsage.rss();
// Every receiver has all of it before it.
if (all.some(({ length }) => length !== messages)) throw new Error('A receiver misses messages');
for (const end of [tx, ...all]) end.close();
console.log(Math.max(0, after - before));
