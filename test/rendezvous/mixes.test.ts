// A rendezvous across threads: blocking and awaiting ends pair up in every mix, and no send completes before its receive.
import { once } from 'node:events';

import { type Sender, type SoleReceiver, bounded, spawn, syncChannel } from 'millrace';
import { expect, test } from 'vitest';

const count = 3_000;
const giverUrl = new URL('fixtures/giver.mjs', import.meta.url);
const takerUrl = new URL('fixtures/taker.mjs', import.meta.url);
const flavors: [name: string, make: () => [Sender<number>, SoleReceiver<number>]][] = [
  ['bounded(0)', () => bounded(0, { codec: 'f64' })],
  ['syncChannel(0)', () => syncChannel(0, { codec: 'f64' })],
];
const mixes = flavors.flatMap(([name, make]) =>
  ['send', 'sendSync', 'select', 'selectSync'].flatMap((give) =>
    ['recv', 'recvSync', 'select', 'selectSync'].map((take) => ({ name, make, give, take })),
  ),
);

test.each(mixes)('$name: $give meets $take', async ({ make, give, take }) => {
  const [tx, rx] = make();
  const watch = tx.clone();
  const shared = new SharedArrayBuffer(4);
  const taker = spawn(takerUrl, { manner: take, rx, shared });
  const taken = once(taker, 'message');
  const [gave] = await once(spawn(giverUrl, { manner: give, tx, count, shared }), 'exit');
  expect(gave).toBe(0);
  expect(watch.stats()).toMatchObject({ sent: count, received: count, length: 0, highWater: 0 });
  watch.end();
  expect((await taken)[0]).toEqual({ received: count, outOfOrder: 0 });
  watch.close();
});
