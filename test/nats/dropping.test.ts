// What a channel over NATS drops, and what it does not.
import { natsChannel } from 'millrace/nats';
import { describe, expect, test } from 'vitest';

import { program, rig } from './rig';

describe.skipIf(program === undefined)('over NATS', () => {
  const here = rig();

  test("'drop-oldest' never waits, and keeps the newest", async () => {
    const options = { capacity: 3, codec: 'f64', overflow: 'drop-oldest' } as const;
    const newest = here.kept(await natsChannel(here.connection, here.name(), options));
    const [tx, rx] = [newest.sender(), newest.receiver()];
    for (let value = 0; value < 5; value += 1) expect(await tx.send(value, { timeout: 0 })).toBe(true);
    expect(await tx.sendMany([5, 6, 7, 8])).toBe(4);
    tx.end();
    const received: number[] = [];
    for await (const value of rx) received.push(value);
    expect(received).toEqual([6, 7, 8]);
  });

  test('what others receive does not reorder what one sender sends', async () => {
    const channel = here.kept(await natsChannel(here.connection, here.name(), { capacity: 5, codec: 'f64' }));
    const tx = channel.sender();
    const lists = [channel.receiver(), channel.receiver(), channel.receiver()].map(async (rx) => {
      const received: number[] = [];
      for await (const values of rx.batches(3)) received.push(...values);
      return received;
    });
    const sends = Array.from({ length: 300 }, (_, value) => tx.send(value));
    await Promise.all(sends);
    tx.end();
    const received = await Promise.all(lists);
    for (const list of received) expect(list).toEqual([...list].sort((a, b) => a - b));
    expect(received.flat().length).toBe(300);
  });
});
